from leaflets.domain.words.characters import hidden_characters, tidy_line, tidy_text

WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


def test_the_flag_of_wales_stays_and_other_hidden_letters_go() -> None:
    typed = f"Cymru {WALES}\U000e0041 \U0001f3f4\U000e0041"
    assert tidy_text(typed) == f"Cymru {WALES} \U0001f3f4"
    assert hidden_characters(typed) == ("U+E0041",)
    assert hidden_characters(tidy_line(typed)) == ()
