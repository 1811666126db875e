"""What was just found out is good for some seconds, and no more of it is kept than there is room for."""

from anlan.ground.brief import Brief


def test_a_value_is_there_for_its_time_alone():
    brief: Brief[str, int] = Brief(10)
    brief.put("long", 1, 60.0)
    brief.put("short", 2, 0.0)

    assert (brief.get("long"), brief.get("short"), brief.get("never")) == (1, None, None)


def test_what_has_run_out_makes_room_and_what_has_not_stays():
    brief: Brief[int, int] = Brief(2)
    brief.put(1, 1, 60.0)
    brief.put(2, 2, 0.0)

    brief.put(3, 3, 60.0)
    brief.put(4, 4, 60.0)

    assert [brief.get(key) for key in (1, 2, 3, 4)] == [1, None, 3, None]


def test_a_key_put_again_has_its_new_value_and_time():
    brief: Brief[str, int] = Brief(10)
    brief.put("key", 1, 60.0)
    brief.put("key", 2, 60.0)

    assert brief.get("key") == 2
    brief.clear()
    assert brief.get("key") is None
