import string
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict, MultiDict

from bot.channels.twilio_signature import is_from_twilio, signature
from tests.bot.channels.signed import TOKEN, expected_signatures, forged, genuine

GENUINE, FORGED = genuine(), forged()
FORM = GENUINE["repeated_params"]
JSON = GENUINE["json_bodySHA256"]
SOCKET = GENUINE["websocket_wss_no_slash"]


def test_the_file_is_there() -> None:
    assert len(GENUINE) >= 10
    assert len(FORGED) >= 7


@pytest.mark.parametrize("name", GENUINE)
def test_what_twilio_signed_passes(name: str) -> None:
    assert GENUINE[name].passes()


@pytest.mark.parametrize("name", FORGED)
def test_what_twilio_did_not_sign_is_refused(name: str) -> None:
    assert not FORGED[name].passes()


@pytest.mark.parametrize("name", sorted(GENUINE.keys() - {"signed_with_443_port"}))
def test_the_signature_itself(name: str) -> None:
    request = GENUINE[name]
    algorithm = "sha256" if len(request.headers) > 1 else "sha1"
    assert signature(request.url, request.params, TOKEN, algorithm) == expected_signatures()[name]


@pytest.mark.parametrize("name", GENUINE)
def test_another_token_is_refused_and_either_of_two_passes_during_a_rotation(name: str) -> None:
    assert not GENUINE[name].passes(tokens="54321")
    assert GENUINE[name].passes(tokens=["54321", TOKEN])


@pytest.mark.parametrize("tokens", ["", [], [""]])
def test_a_blank_token_opens_nothing(tokens: str | list[str]) -> None:
    """Anyone can compute the signature under an empty key."""
    forged_with_nothing = {"X-Twilio-Signature": signature(FORM.url, FORM.params, "")}
    assert not FORM.passes(tokens=tokens, headers=forged_with_nothing)


@pytest.mark.parametrize("given", [None, "", "=", "ünsigned", "\udcff", "aGVsbG8=" * 1_000])
def test_a_missing_or_mangled_header_is_refused_without_an_error(given: str | None) -> None:
    assert not FORM.passes(headers={} if given is None else {"X-Twilio-Signature": given})


def test_header_names_have_no_case() -> None:
    given = FORM.headers["X-Twilio-Signature"]
    assert FORM.passes(headers={"x-twilio-signature": given})
    assert FORM.passes(headers=CIMultiDict({"X-TWILIO-SIGNATURE": given}))


def test_a_raw_body_counts_only_under_its_own_hash() -> None:
    """The signature does not see the body: a stranger could put any other under a captured one."""
    assert JSON.body is not None
    assert not JSON.passes(body=JSON.body + b" ")
    assert not JSON.passes(body=b"")
    unhashed = GENUINE["get_query_only"]
    assert unhashed.passes(body=b"")
    assert not unhashed.passes(body=b"{}")


def test_a_file_among_the_fields_is_refused_without_an_error() -> None:
    assert not FORM.passes(params=[*FORM.params, ("Upload", object())])


def test_the_order_of_the_fields_does_not_matter() -> None:
    assert FORM.passes(params=reversed(FORM.params))


def test_a_handshake_is_signed_over_wss_with_or_without_a_last_slash() -> None:
    upgrade = {**SOCKET.headers, "Upgrade": "WebSocket"}
    over_https = {"public_base_url": "https://bookings.example.com"}
    assert SOCKET.passes(headers=upgrade, **over_https)
    assert not SOCKET.passes(**over_https)
    with_slash = {**upgrade, "X-Twilio-Signature": signature(SOCKET.url + "/", (), TOKEN)}
    assert SOCKET.passes(headers=with_slash, **over_https)


def test_an_algorithm_is_what_the_header_names_and_nothing_unknown() -> None:
    shared = GENUINE["sharedkey_hmac_sha256"]
    only_signature = {"X-Twilio-Signature": shared.headers["X-Twilio-Signature"]}
    assert not shared.passes(headers=only_signature)
    for named in ("HMAC_SHA1", "HMAC_MD5", "md5", ""):
        settings_header = {"X-Twilio-Webhooks-Signature-Settings": f"key=k, algorithm={named}"}
        assert not shared.passes(headers={**only_signature, **settings_header})


@pytest.mark.parametrize(
    "base",
    [
        "https://bookings.example.com",
        "https://bookings.example.com/",
        "https://bookings.example.com:443",
        "https://user:secret@bookings.example.com",
    ],
)
def test_the_public_base_may_be_written_in_several_ways(base: str) -> None:
    assert FORM.passes(public_base_url=base)


def test_a_prefix_that_the_proxy_strips_is_put_back() -> None:
    signed = signature("https://example.com/bot/webhooks/sms", (), TOKEN)
    assert is_from_twilio(
        tokens=TOKEN,
        public_base_url="https://example.com/bot/",
        raw_path_qs="/webhooks/sms",
        headers={"X-Twilio-Signature": signed},
    )


def test_a_host_in_brackets_keeps_them() -> None:
    signed = signature("https://[2001:db8::1]/sms", (), TOKEN)
    bracketed = replace(FORM, url="https://[2001:db8::1]:8443/sms", params=())
    assert bracketed.passes(headers={"X-Twilio-Signature": signed})


words = st.text(max_size=8)
forms = st.lists(st.tuples(st.text(min_size=1, max_size=3), words), max_size=8)
paths = st.text(string.ascii_letters + "/&=é ", max_size=12).map(lambda raw: "/" + quote(raw, safe="/&="))
hosts = st.sampled_from(["example.com", "example.com:8443", "a.b.example:443", "127.0.0.1:80"])
urls = st.builds("{}://{}{}".format, st.sampled_from(["http", "https"]), hosts, paths)


@settings(deadline=None)
@given(urls, forms, words, st.sampled_from(["sha1", "sha256"]))
def test_the_signature_is_the_one_of_twilios_own_validator(
    url: str, form: list[tuple[str, str]], token: str, algorithm: str
) -> None:
    from twilio.request_validator import RequestValidator  # noqa: PLC0415 - only this test needs the SDK

    oracle = RequestValidator(token).compute_signature(url, MultiDict(form), f"HMAC_{algorithm}")
    assert signature(url, form, token, algorithm) == oracle


@settings(deadline=None)
@given(urls, forms, st.sampled_from(["same", "with port", "without port", "other path", "other form"]))
def test_the_verdict_is_the_one_of_twilios_own_validator(
    url: str, form: list[tuple[str, str]], signed_over: str
) -> None:
    from twilio.request_validator import RequestValidator  # noqa: PLC0415 - see above

    base, path = "/".join(url.split("/", 3)[:3]), "/" + url.split("/", 3)[3]
    bare = base.rpartition(":")[0] if base.count(":") > 1 else base
    default = 443 if base.startswith("https") else 80
    signed_url = {
        "with port": f"{bare}:{default}{path}",
        "without port": bare + path,
        "other path": f"{url}x",
    }.get(signed_over, url)
    signed_form = [*form, ("Extra", "1")] if signed_over == "other form" else form
    given_signature = signature(signed_url, signed_form, TOKEN)
    verdict = is_from_twilio(
        tokens=TOKEN,
        public_base_url=base,
        raw_path_qs=path,
        headers={"X-Twilio-Signature": given_signature},
        params=form,
    )
    assert verdict == RequestValidator(TOKEN).validate(url, MultiDict(form), given_signature)
