package dev.ermine.trust;

import dev.ermine.region.RegionId;
import java.util.Optional;

/** Whether credentials prove a requester. */
public sealed interface Trust {

  /** They do. */
  record Trusted(Requester requester) implements Trust {}

  /**
   * They do not.
   *
   * @param reason exact, for the audit
   * @param region the region whose certificate was shown, when that much is known
   */
  record Untrusted(Reason reason, Optional<RegionId> region) implements Trust, Grant {}

  /** How a refusal is told to the caller: enough to mend, not which part an attacker got right. */
  enum Kind {
    /** 401: the credentials prove nobody. */
    UNAUTHENTICATED,
    /** 400: what was sent to the token endpoint is no request for a token that it gives. */
    MALFORMED,
    /** 403: proven, but not admitted. */
    FORBIDDEN,
    /** 508: the request has been here before. */
    LOOP,
    /** 503: replays cannot be told apart just now. */
    OVERLOADED
  }

  /** Why credentials are refused. Its name is the id that audit and tests quote. */
  enum Reason {
    NO_CERTIFICATE(
        Kind.UNAUTHENTICATED, "present the client certificate that is agreed for your region"),
    UNKNOWN_CERTIFICATE(
        Kind.UNAUTHENTICATED, "present the client certificate that is agreed for your region"),
    CERTIFICATE_NOT_VALID_NOW(Kind.UNAUTHENTICATED, "renew the client certificate"),
    CERTIFICATE_REVOKED(
        Kind.UNAUTHENTICATED,
        "present a client certificate that is not revoked; have a new one agreed for your region"),
    CERTIFICATE_REVOCATION_UNKNOWN(
        Kind.UNAUTHENTICATED,
        "it is not known whether your client certificate is revoked; have your region's current list"
            + " brought, or its responder mended, and ask the gateway's security officers"),
    REGION_NOT_ACTIVE(
        Kind.FORBIDDEN,
        "trust in your region is not in force; ask the gateway's security officers"),
    FORWARDING(
        Kind.FORBIDDEN,
        "your region may not hand on questions of the region that the token's `originator` names; ask"
            + " the gateway's security officers"),
    ORIGINATOR_NOT_ACTIVE(
        Kind.FORBIDDEN,
        "trust in the region that the token's `originator` names is not in force; ask the gateway's"
            + " security officers"),
    NO_TOKEN(Kind.UNAUTHENTICATED, "send `Authorization: Bearer` with a signed token"),
    TOKEN_NOT_CANONICAL(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_TOO_LARGE(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_HEADER(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_ALGORITHM(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_KEY(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_SIGNATURE(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_ISSUER(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_AUDIENCE(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_TIMES(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_ID(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_BINDING(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_CLAIMS(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    TOKEN_REPLAYED(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    PURPOSE_MISSING(
        Kind.FORBIDDEN,
        "state `purpose_of_use` with codes of v3 ActReason, in the token or, with the rest of the"
            + " requester, in its `extensions.hl7-b2b` of version `1`"),
    REQUEST_FORM(
        Kind.MALFORMED,
        "send `grant_type`, `scope`, `client_assertion_type` and `client_assertion`, each once, in a"
            + " form in the body, with no `Authorization`"),
    GRANT_TYPE(
        Kind.MALFORMED, "send `grant_type=client_credentials`; no other grant is given here"),
    SCOPE(
        Kind.MALFORMED,
        "send `scope` as `system/*.rs`, or as `system/Type.rs` for each type of FHIR R4 that is"
            + " wanted, one space between two"),
    GRANT_TOO_LARGE(
        Kind.MALFORMED,
        "the access token would be too long; say less of the requester, or ask for `system/*.rs`"
            + " instead of many types"),
    CLIENT_AUTHENTICATION(
        Kind.UNAUTHENTICATED,
        "authenticate with `client_assertion`, of the `client_assertion_type`"
            + " `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`"),
    CLIENT_ID(Kind.UNAUTHENTICATED, Trust.TOKEN_HINT),
    LOOP(
        Kind.LOOP,
        "the question has come through this gateway already, or through more than 3, as the token's"
            + " `hops` say; ask the region directly"),
    REPLAY_CACHE_FULL(Kind.OVERLOADED, "ask again in a moment, with a new token");

    private final Kind kind;
    private final String mend;

    Reason(Kind kind, String mend) {
      this.kind = kind;
      this.mend = mend;
    }

    public Kind kind() {
      return kind;
    }

    /** What the caller should do. */
    public String mend() {
      return mend;
    }

    /** What the caller should do who asks for an access token. */
    public String mendRequest() {
      return mend.equals(TOKEN_HINT) ? ASSERTION_HINT : mend;
    }
  }

  /** The one sentence for every fault of a token, so that nobody learns which part was right. */
  String TOKEN_HINT =
      "send an access token of this gateway that has not expired, or a fresh token: a compact JWS of"
          + " at most 300 s, of type `JWT`, signed with the algorithm and a key agreed for your region,"
          + " `aud` this gateway's FHIR base, bound to the client certificate by `cnf.x5t#S256`, with"
          + " an unused `jti` and the claims that the README lists";

  /** The same for client assertions. */
  String ASSERTION_HINT =
      "send a fresh `client_assertion`: a compact JWS of at most 60 s, of type `JWT`, signed with the"
          + " algorithm and a key agreed for your region, `iss` and `sub` and any `client_id` your"
          + " issuer, `aud` this address, with an unused `jti` and the claims that the README lists";
}
