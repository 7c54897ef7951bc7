package dev.ermine.http;

import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.ParsedQuery.Malformed;
import dev.ermine.trust.OfficerRole;
import dev.ermine.trust.OfficerTrust;
import dev.ermine.trust.Trust.Kind;
import dev.ermine.trust.Trust.Untrusted;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one table from what stands against an answer to the HTTP status and the OperationOutcome that
 * say so.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750: WWW-Authenticate</a>
 */
final class Refusals {

  private static final Duration SOON = Duration.ofSeconds(1);

  private Refusals() {}

  /** The request is not one that can be looked into. */
  static Reply of(Fault fault) {
    Map<String, String> headers =
        fault.status() == 503 ? Map.of("Retry-After", seconds(SOON)) : Map.of();
    return Reply.outcome(fault.status(), headers, List.of(fault.issue()));
  }

  /** The credentials prove nobody, or nobody who is admitted. */
  static Reply of(Untrusted untrusted) {
    Kind kind = untrusted.reason().kind();
    return Reply.outcome(
        status(kind), headers(kind), List.of(Issue.error(code(kind), untrusted.reason().mend())));
  }

  /** The certificate proves no officer who may do this. */
  static Reply of(OfficerTrust.Refused refused) {
    int status = refused.reason().status();
    Issue.Code code = status == 401 ? Issue.Code.LOGIN : Issue.Code.FORBIDDEN;
    return Reply.outcome(status, Map.of(), List.of(Issue.error(code, mend(refused))));
  }

  private static String mend(OfficerTrust.Refused refused) {
    return switch (refused.reason()) {
      case OFFICER_CERTIFICATE_MISSING, OFFICER_CERTIFICATE_UNKNOWN ->
          "present an officer's client certificate";
      case OFFICER_CERTIFICATE_NOT_VALID_NOW -> "renew the client certificate";
      case NOT_AN_OFFICER ->
          "this is for security officers; a region's certificate has no say here";
      case OFFICER_NOT_IN_FORCE -> "you are no officer of this gateway now; ask who runs it";
      case OFFICER_ROLE_MISSING ->
          "this takes the role `%s`; ask who runs the gateway"
              .formatted(refused.missing().map(OfficerRole::code).orElse(""));
    };
  }

  static int status(Kind kind) {
    return switch (kind) {
      case UNAUTHENTICATED -> 401;
      case MALFORMED -> 400;
      case FORBIDDEN -> 403;
      case LOOP -> 508;
      case OVERLOADED -> 503;
    };
  }

  private static Issue.Code code(Kind kind) {
    return switch (kind) {
      case UNAUTHENTICATED -> Issue.Code.LOGIN;
      case MALFORMED -> Issue.Code.INVALID;
      case FORBIDDEN -> Issue.Code.FORBIDDEN;
      case LOOP -> Issue.Code.BUSINESS_RULE;
      case OVERLOADED -> Issue.Code.TRANSIENT;
    };
  }

  private static Map<String, String> headers(Kind kind) {
    return switch (kind) {
      case UNAUTHENTICATED -> Map.of("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      case OVERLOADED -> Map.of("Retry-After", seconds(SOON));
      case MALFORMED, FORBIDDEN, LOOP -> Map.of();
    };
  }

  /** The question cannot be answered as asked. */
  static Reply of(Malformed malformed) {
    int status =
        switch (malformed.kind()) {
          case INVALID -> 400;
          case NOT_ACCEPTABLE -> 406;
        };
    return Reply.outcome(status, Map.of(), malformed.issues());
  }

  /** What is said around the question is not understood. */
  static Reply malformed(List<Issue> issues) {
    return Reply.outcome(400, Map.of(), issues);
  }

  /** The question is good, and there is no answer. */
  static Reply of(Unanswered unanswered) {
    Map<String, String> headers = new HashMap<>();
    unanswered.tally().ifPresent(tally -> headers.putAll(AccountHeaders.of(tally)));
    unanswered.retryAfter().ifPresent(after -> headers.put("Retry-After", seconds(after)));
    return Reply.outcome(unanswered.failure().status(), headers, unanswered.issues());
  }

  /** Not there, another patient's, or withheld: the same words, so that none can be told apart. */
  static Reply notFound() {
    return Reply.outcome(
        404,
        Map.of(),
        List.of(
            Issue.error(
                Issue.Code.NOT_FOUND, "there is no such resource of this patient to be had here")));
  }

  static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }
}
