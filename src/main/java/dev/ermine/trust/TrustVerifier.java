package dev.ermine.trust;

import dev.ermine.region.Regions;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import java.util.List;
import java.util.Optional;

/**
 * The proof of who is asking: a pinned client certificate, and a token that is bound to it. The
 * token is either one that the same region signed, for this request alone, or an access token that
 * the gateway gave to it. Its {@code typ} says by which rules it is judged; no token meets both.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725: JSON Web Token best current
 *     practices</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3">RFC 8705, 3: mutual-TLS
 *     certificate-bound tokens</a>
 */
public final class TrustVerifier {

  private final CertificateProof certificates;
  private final DirectTokens direct;
  private final AccessTokens access;

  public TrustVerifier(TrustBasis basis) {
    this.certificates = new CertificateProof(basis);
    this.direct = new DirectTokens(basis);
    this.access = new AccessTokens(basis);
  }

  /** What in the regions' certificates and keys cannot be used, each with its path. */
  public static List<String> faults(Regions regions) {
    return new KnownRegions(regions).faults();
  }

  /** Whether the credentials prove a requester. */
  public Trust verify(Credentials credentials) {
    return certificates.<Trust>prove(
        credentials.chain(),
        by -> new Trusted(requester(credentials.bearer(), by)),
        untrusted -> untrusted);
  }

  private Requester requester(Optional<String> bearer, Certified by) throws Refusal {
    Refusal.unless(bearer.isPresent(), Reason.NO_TOKEN);
    String text = bearer.orElseThrow();
    Optional<Requester> seen = access.seen(text, by);
    if (seen.isPresent()) {
      return seen.get();
    }
    TokenForm token = TokenForm.read(text);
    return switch (token.type().orElse("")) {
      case DirectTokens.TYPE -> direct.requester(token, by);
      case AccessTokens.TYPE -> access.requester(text, token, by);
      default -> throw new Refusal(Reason.TOKEN_HEADER);
    };
  }
}
