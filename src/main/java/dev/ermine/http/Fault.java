package dev.ermine.http;

import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Issue.Code;

/** What may be wrong with a request before anyone looks at what it asks. */
enum Fault {
  HTTP_MALFORMED(400, Code.STRUCTURE, "send one well-formed HTTP/1.1 request"),
  PATH_NOT_PLAIN(
      400,
      Code.STRUCTURE,
      "write the path plainly: no percent-escapes, `;`, empty or dotted segments, no trailing `/`"),
  MISDIRECTED(421, Code.STRUCTURE, "send the `Host` that the TLS connection was made to"),
  TOKEN_IN_URL(400, Code.SECURITY, "send the token in `Authorization`, and never in an address"),
  UNKNOWN_ADDRESS(404, Code.NOT_FOUND, "see `/fhir/metadata` for what there is"),
  MERGED_READ(
      404,
      Code.NOT_FOUND,
      "ids live under regions: read `/regions/{region}/fhir/{type}/{id}`, as `fullUrl` says"),
  METHOD(405, Code.NOT_SUPPORTED, "records are read only; see `Allow`, and `/fhir/metadata`"),
  NOT_ACCEPTABLE(406, Code.NOT_SUPPORTED, "accept `application/fhir+json`"),
  NOT_ACCEPTABLE_JSON(406, Code.NOT_SUPPORTED, "accept `application/json`"),
  SLOW_BODY(408, Code.TIMEOUT, "send the body within ten seconds"),
  BODY_TOO_LARGE(413, Code.TOO_LONG, "send a body of at most 256 KiB"),
  URI_TOO_LONG(414, Code.TOO_LONG, "use POST and `_search` for long queries"),
  MEDIA_TYPE(
      415,
      Code.NOT_SUPPORTED,
      "send `_search` as `application/x-www-form-urlencoded` in UTF-8, not compressed"),
  MEDIA_TYPE_FHIR(415, Code.NOT_SUPPORTED, "send `application/fhir+json` in UTF-8, not compressed"),
  MEDIA_TYPE_JSON(415, Code.NOT_SUPPORTED, "send `application/json` in UTF-8, not compressed"),
  EXPECTATION(417, Code.NOT_SUPPORTED, "expect nothing but `100-continue`"),
  HEADERS_TOO_LARGE(431, Code.TOO_LONG, "send at most 64 headers"),
  INTERNAL(500, Code.EXCEPTION, "the gateway failed; quote this response's `X-Request-Id`"),
  AUDIT_UNAVAILABLE(
      503,
      Code.TRANSIENT,
      "no audit record can be kept just now, so nothing is disclosed; ask later"),
  OVERLOADED(
      503,
      Code.TRANSIENT,
      "the gateway has as many requests as it can serve, or you have your share of them; nothing was"
          + " done with this one: send it again after `Retry-After`"),
  STOPPING(
      503,
      Code.TRANSIENT,
      "the gateway is stopping and has done nothing with this request; send it again, over a new"
          + " connection");

  private final int status;
  private final Code code;
  private final String mend;

  Fault(int status, Code code, String mend) {
    this.status = status;
    this.code = code;
    this.mend = mend;
  }

  int status() {
    return status;
  }

  Issue issue() {
    return Issue.error(code, mend);
  }

  /** Whether the connection's framing can no longer be trusted, or its time is not to be wasted. */
  boolean closes() {
    return switch (this) {
      case HTTP_MALFORMED,
          METHOD,
          SLOW_BODY,
          BODY_TOO_LARGE,
          URI_TOO_LONG,
          EXPECTATION,
          HEADERS_TOO_LARGE,
          STOPPING ->
          true;
      default -> false;
    };
  }
}
