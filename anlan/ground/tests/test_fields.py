import pytest
from django.core.exceptions import ImproperlyConfigured

from anlan.ground.fields import decrypt, encrypt, keyed_hash, mask_id_number, mask_phone


def test_the_same_phone_is_encrypted_differently_each_time_and_read_back():
    first, second = encrypt("13800001234"), encrypt("13800001234")

    assert first != second
    assert b"1380000" not in first
    assert decrypt(first) == decrypt(second) == "13800001234"


def test_data_written_with_another_key_is_refused_and_not_shown(settings):
    stored = encrypt("13800001234")
    settings.FIELD_KEY = "11" * 32

    with pytest.raises(ImproperlyConfigured, match="not the key"):
        decrypt(stored)


def test_the_hash_finds_the_same_value_and_depends_on_the_key(settings):
    before = keyed_hash("13800001234")
    assert keyed_hash("13800001234") == before

    settings.FIELD_KEY = "11" * 32

    assert keyed_hash("13800001234") != before


def test_masks_keep_only_what_identifies_to_its_owner():
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("12345") == "***45"
    assert mask_id_number("110101199001011234") == "1101**********1234"
    assert mask_id_number("1234") == "****"
