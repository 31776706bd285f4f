"""The folding of names: spellings of one name have one key, different names keep their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.model.names import fold, fold_name, fold_starts, folded_words

SAME = [
    "Hezbollah | Hizballah | Hizbullah | Hezbullah | Hizbollah | HEZBOLLAH",
    "Kataib | Kata'ib | Kata’ib | Kataʾib | Kataeb | Kata'eb",
    "Mohammed | Muhammad | Mohammad | Muhammed | Mohamed",
    "al-Sudani | Al Sudani | Alsudani | as-Sudani | Soudani | Sudany | el-Sudani | Soodani | Sudani",
    "Masoud | Mas'ud | Massoud | Masud | Masood | Mas‘oud | Masʿūd",
    "Pezeshkian | Pezeshkiyan | Pizishkian | Pezeshkyan",
    "Hussein | Hussain | Husayn | Husain | Hossein | Houssein | Ḥusayn",
    "al-Abbasi | Abasi | al-Abbassi",
    "Nouri al-Maliki | Nuri Maliki | Noori al Malikee | Nûrî el-Maliki",
    "Thabit | Thabet",
    "Muhannad Ghalib | Mohanned Ghaleb",
    "Asadi | Assadi | al-Asadi",
    "Ahmed | Ahmad | Aḥmad",
    "Haider | Haidar | Haydar | Hayder | Heydar",
    "Ain al-Asad | Ayn al-Asad | Ein el-Asad | ʿAyn al-Asad",
    "Shia | Shi'a | ash-Shia | al-Shia | Shiah",
    "Saleh | Salih | Ṣāliḥ",
    "Fatima | Fatimah | Fatemeh",
    "Qassem Soleimani | Qasim Sulaymani | Kassem Suleimani",
    "al-Kadhimi | Kazemi | Kadhemi",
    "Reza | Rida | Ridha | Reda",
    "Sulaymaniyah | Suleimaniya | Sulaimaniyya | Suleimanieh",
    "Yousef | Yusuf | Youssef",
    "Abdul-Mahdi | Abdulmahdi | Abd al-Mahdi | Abdel-Mahdi | Abdul Mehdi",
    "Abdulrahman | Abdurrahman | Abd ar-Rahman | Abderrahman",
    "Abdullah | Abdallah | Abdollah",
    "Abdollahian | Abdullahian | Abdolahian | Abdallahian",
    "Erbil | Arbil | Irbil",
    "Fayyad | Fayad | al-Fayyadh",
    "an-Nujaba | Nojaba | al-Nujaba",
    "Muqtada | Moqtada | Muktada",
    "Daoud | Dawud | Dawood",
    "Basra | Basrah | al-Basra",
    "Jalal | Djalal | Dschalal",
    "Araghchi | Araghtchi | Araghtschi",
    "Bushehr | Buschehr",
    "Shoigu | Shoygu | Schoigu | Shoïgou",
    "Alexander | Aleksander",
    "Zelensky | Zelenskyy | Zelenskiy",
    "Iraq’s | Iraq's | Iraq",
    "السوداني | سوداني | السودانى | السودانی",
    "كتائب | کتائب | كتايب | كَتَائِب | كتـائب",
    "أحمد | احمد | إحمد | آحمد",
    "فاطمة | فاطمه",
    "حزب‌الله | حزب الله",
]
DIFFERENT = [
    "Sadr | Sudr | Sudani | Badr",
    "Assad | Asad | Asadi | Saad",
    "Hussein | Hassan | Hasan al-Banna",
    "Salim | Salam | Saleh | Salman",
    "Amir | Ammar | Omar",
    "Iran | Iraq | Imran",
    "Maliki | Malik | Milki",
    "Mahdi | Hadi | Mahmoud | Hamad",
    "Abbas | Abbasi | Abadi",
    "Khamenei | Khomeini",
    "Numan | Noumani | Osman",
    "Kataib | Khatib | Katib",
    "Jamal | Kamal | Jamil",
    "Ali | al-Ali Ali | Alawi | Allawi",
    "Erbil | Ebril",
    "Israel | Ismail",
    "Ansar | Nasser | Nasr",
    "Baghdad | Baghdadi",
    "Hezbollah | Ansarallah",
    "Syria | Assyria",
    "Syrian | Assyrian",
    "Abdullah | Abdullahi",
    "سوداني | سودان | صدر",
]


def _pairs(groups: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for group in groups:
        names = [name.strip() for name in group.split("|")]
        pairs += [(first, second) for at, first in enumerate(names) for second in names[at + 1 :]]
    return pairs


@pytest.mark.parametrize(("first", "second"), _pairs(SAME))
def test_spellings_of_one_name_fold_alike(first: str, second: str) -> None:
    assert fold_name(first) == fold_name(second)


@pytest.mark.parametrize(("first", "second"), _pairs(DIFFERENT))
def test_different_names_keep_apart(first: str, second: str) -> None:
    assert fold_name(first) != fold_name(second)


@pytest.mark.parametrize(
    "name",
    ["Hizballah", "Mohammed", "Ahmed", "Sudani", "Kata'ib", "Fatemeh", "Hamidawi", "Abdollahian", "Aschraf"],
)
def test_a_name_begins_as_it_is_typed(name: str) -> None:
    for length in range(1, len(name) + 1):
        typed = name[:length]
        assert any(fold(name).startswith(start) for start in (*fold_starts(typed), fold(typed))), typed


def test_words_know_where_they_stand() -> None:
    text = "Mr. Mas'ud al-Pezeshkian’s office"
    assert [(word.key, text[word.start : word.end]) for word in folded_words(text)] == [
        ("mr", "Mr"),
        ("masud", "Mas'ud"),
        ("pidishkian", "Pezeshkian’s"),
        ("ufici", "office"),
    ]


def test_an_article_alone_is_a_word() -> None:
    assert fold_name("al") == "al"
    assert fold_name("Abd al-Mahdi") == "abd mahdi"


@given(st.text(max_size=80))
def test_any_text_folds_and_folds_case_away(text: str) -> None:
    assert fold_name(text) == " ".join(word.key for word in folded_words(text))
    for word in folded_words(text):
        assert word.key
        assert " " not in word.key
        assert 0 <= word.start < word.end <= len(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=20))
def test_case_never_matters(word: str) -> None:
    assert fold_name(word) == fold_name(word.upper()) == fold_name(word.title())
