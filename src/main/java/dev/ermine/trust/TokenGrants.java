package dev.ermine.trust;

import dev.ermine.fhir.Parameter;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.AccessTokens.Draft;
import dev.ermine.trust.ClientAssertions.Asserted;
import dev.ermine.trust.Grant.Granted;
import dev.ermine.trust.RequesterClaims.Proof;
import dev.ermine.trust.Trust.Reason;
import java.security.cert.X509Certificate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The exchange of a client assertion, which is good for one request to the token endpoint, for an
 * access token of the gateway's own, which is good for any number of queries until it expires. Both
 * are bound to the same client certificate.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html">SMART: Backend
 *     Services</a>
 */
public final class TokenGrants {

  /** The algorithms that assertions may be signed with; which one, each region's entry says. */
  public static final List<String> ALGORITHMS =
      Stream.of(Algorithm.values())
          .filter(ClientAssertions.ALGORITHMS::contains)
          .map(Algorithm::code)
          .toList();

  private final CertificateProof certificates;
  private final ClientAssertions assertions;
  private final AccessTokens tokens;

  public TokenGrants(TrustBasis basis) {
    this.certificates = new CertificateProof(basis);
    this.assertions = new ClientAssertions(basis);
    this.tokens = new AccessTokens(basis);
  }

  /**
   * Decides one request.
   *
   * @param chain the client's certificates from the TLS session, leaf first
   * @param form the request's parameters; empty when what came is no form
   */
  public Grant grant(List<X509Certificate> chain, Optional<List<Parameter>> form) {
    return certificates.<Grant>prove(chain, by -> granted(by, form), untrusted -> untrusted);
  }

  private Granted granted(Certified by, Optional<List<Parameter>> form) throws Refusal {
    TokenRequest request = TokenRequest.read(form);
    Asserted asserted = assertions.read(request.assertion(), by);
    Refusal.unless(
        request.clientId().isEmpty() || request.clientId().get().equals(by.issuer()),
        Reason.CLIENT_ID);
    Requester requester = asserted.user().requester(proof(request.scope(), by));
    Draft draft = tokens.draft(requester, asserted.keyId(), by);
    assertions.checkFirstUse(asserted, by);
    return new Granted(tokens.sign(draft, by.now()), requester, by.known().hash());
  }

  /** By what the access token will prove the requester. */
  private static Proof proof(Scope scope, Certified by) {
    return new Proof(
        by,
        by.thumbprint(),
        UUID.randomUUID().toString(),
        by.now().truncatedTo(ChronoUnit.SECONDS).plus(AccessTokens.LIFETIME),
        scope);
  }
}
