package dev.ermine.federation;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/**
 * Why a request was refused, for officers: what exactly was wrong, which its sender is not told.
 * The ids are those that the audit quotes.
 */
public final class RefusalWords {

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          entry("NO_CERTIFICATE", "the client showed no certificate"),
          entry(
              "UNKNOWN_CERTIFICATE", "no region has pinned the client certificate that was shown"),
          entry(
              "CERTIFICATE_NOT_VALID_NOW",
              "the client certificate was pinned, but had expired or was not valid yet"),
          entry(
              "CERTIFICATE_REVOKED",
              "the client certificate is revoked, by its issuer's list or responder"),
          entry(
              "CERTIFICATE_REVOCATION_UNKNOWN",
              "whether the client certificate is revoked was not known: its issuer's list had ended,"
                  + " or its responder gave no good answer"),
          entry(
              "REGION_NOT_ACTIVE", "the certificate is of a region that was suspended or retired"),
          entry(
              "FORWARDING",
              "it was handed on for a region whose questions the sender may not hand on: its"
                  + " `asks.forwards` does not have it, or no region here has that issuer"),
          entry(
              "ORIGINATOR_NOT_ACTIVE",
              "it was handed on for a region that was suspended or retired"),
          entry("NO_TOKEN", "there was no `Authorization: Bearer` of the form of a token"),
          entry(
              "TOKEN_NOT_CANONICAL",
              "the token was not a compact JWS written in the one canonical way"),
          entry("TOKEN_TOO_LARGE", "the token was longer than any that is read"),
          entry(
              "TOKEN_HEADER",
              "the token's header held something besides `alg`, `typ` and `kid`, or held one of them"
                  + " wrongly"),
          entry(
              "TOKEN_ALGORITHM",
              "the token was signed with another algorithm than the one agreed for the region"),
          entry(
              "TOKEN_KEY",
              "the token's `kid` names no key of the region that is active or retiring: it is unknown,"
                  + " not begun, or revoked"),
          entry("TOKEN_SIGNATURE", "the token's signature is not by the key that its `kid` names"),
          entry("TOKEN_ISSUER", "the token's `iss` is not the one agreed for the region"),
          entry("TOKEN_AUDIENCE", "the token's `aud` is not this gateway's FHIR base, alone"),
          entry(
              "TOKEN_TIMES",
              "the token had expired, was issued ahead of time, lasted longer than 300 s, or stated"
                  + " its times wrongly; look at the sender's clock"),
          entry("TOKEN_ID", "the token's `jti` was missing, too short, too long or not printable"),
          entry(
              "TOKEN_BINDING",
              "the token's `cnf.x5t#S256` is not the thumbprint of the certificate that was shown"),
          entry(
              "TOKEN_CLAIMS", "a claim of the token was missing or not of the form it has to have"),
          entry("TOKEN_REPLAYED", "the token had been used on this pod before"),
          entry("PURPOSE_MISSING", "the token stated no purpose of use that v3 ActReason has"),
          entry(
              "REQUEST_FORM",
              "what came to the token endpoint was no form with each parameter once, or bore other"
                  + " credentials as well"),
          entry("GRANT_TYPE", "another grant than `client_credentials` was asked for"),
          entry("SCOPE", "the scope was missing, or named something that is none"),
          entry(
              "GRANT_TOO_LARGE",
              "the assertion says more of the requester than an access token may hold"),
          entry(
              "CLIENT_AUTHENTICATION",
              "the client did not authenticate by a signed assertion, and by that alone"),
          entry("CLIENT_ID", "`client_id` is not the issuer agreed for the region"),
          entry("LOOP", "this gateway already stood in the token's `hops`, or more than 3 did"),
          entry(
              "REPLAY_CACHE_FULL",
              "more one-use tokens were alive than this pod remembers, so none could be accepted"),
          entry("UNKNOWN_REGION", "a header named a region that there is not, or cannot be asked"),
          entry(
              "NO_AGREEMENT",
              "no agreement permitted this asker, purpose, role and type at any region asked"),
          entry("OTHER_PATIENT", "the token served one patient, and the query named another"),
          entry(
              "PAGE_OF_ANOTHER",
              "the page was begun by another asker, in another role or for another purpose"),
          entry("PAGE_GONE", "the page's token was none of this gateway's, or had expired"),
          entry("PAGE_OUTDATED", "trust had changed since the first page"),
          entry("TOO_LONG_TO_PAGE", "the query was too long to be carried from page to page"),
          entry("FAILED", "some region asked failed, and none answered"),
          entry("CONSENT_UNKNOWN", "what the patient decided could not be established"),
          entry("SUSPENDED", "every region that could have been asked was suspended or left out"),
          entry("THROTTLED", "the quota of every region asked was spent"),
          entry("TRUST_CHANGED", "trust in the asker or a region ended while it was answered"),
          entry("AUDIT_UNAVAILABLE", "no audit record could be kept, so nothing was disclosed"),
          entry("TIMED_OUT", "every region asked timed out"),
          entry("REQUIRED_MISSING", "a region that the asker required could not be heard"),
          entry("OFFICER_CERTIFICATE_MISSING", "the client showed no certificate"),
          entry(
              "OFFICER_CERTIFICATE_UNKNOWN",
              "the certificate is neither an officer's nor any longer a region's"),
          entry(
              "OFFICER_CERTIFICATE_NOT_VALID_NOW",
              "the officer's certificate had expired or was not valid yet"),
          entry("NOT_AN_OFFICER", "the certificate is a region's, and regions may not come here"),
          entry(
              "OFFICER_NOT_IN_FORCE",
              "it was before the officer's first day, after the last, or the officer was revoked"),
          entry("OFFICER_ROLE_MISSING", "the officer does not have the role that it takes"));

  private RefusalWords() {}

  /** What was wrong; empty where the text is no reason's id. */
  public static Optional<String> of(String reason) {
    return Optional.ofNullable(WORDS.get(reason));
  }
}
