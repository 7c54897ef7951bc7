package dev.ermine.trust;

import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.KnownRegions.Asker;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The TLS clients that may shake hands: those whose certificate is pinned, whole, as a region's or
 * an officer's. No certificate authority is trusted to name them, so the rest of the chain says
 * nothing.
 *
 * <p>A suspended region still shakes hands, to be told so by {@link TrustVerifier}, and so does an
 * officer whose time is over, by {@link OfficerVerifier}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-2.2">RFC 8705, 2.2: self-signed
 *     certificate mutual TLS</a>
 */
public final class PinnedClients extends X509ExtendedTrustManager {

  private final Supplier<KnownRegions> known;
  private final Officers officers;
  private final Revocations revocations;
  private final InstantSource clock;

  /**
   * @param regions the live version
   */
  public PinnedClients(
      Supplier<Regions> regions, Officers officers, Revocations revocations, InstantSource clock) {
    this.known = KnownRegions.live(regions);
    this.officers = officers;
    this.revocations = revocations;
    this.clock = clock;
  }

  /** Whether the certificate of this thumbprint proves a region that may ask now. */
  public boolean mayAsk(String thumbprint) {
    return known
        .get()
        .asker(thumbprint)
        .filter(asker -> asker.region().mayAsk())
        .flatMap(asker -> asker.pinned(thumbprint).filter(pinned -> counts(pinned, asker)))
        .isPresent();
  }

  /** The region that has pinned this certificate, whether it may ask now or not. */
  public Optional<RegionId> region(X509Certificate certificate) {
    return known.get().asker(Thumbprints.x5tS256(certificate)).map(asker -> asker.region().id());
  }

  /** Whether this certificate is an officer's. */
  public boolean isOfficer(X509Certificate certificate) {
    return officers.officer(certificate).isPresent();
  }

  private boolean counts(X509Certificate pinned, Asker asker) {
    return CertificateRules.isValidAt(pinned, clock.instant())
        && revocations.refusal(pinned, asker.asks()).isEmpty();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("no client certificate");
    }
    Optional<Asker> asker = known.get().asker(Thumbprints.x5tS256(chain[0]));
    if (asker.isEmpty() && officers.officer(chain[0]).isEmpty()) {
      throw new CertificateException("no region and no officer has this client certificate");
    }
    if (!CertificateRules.isValidAt(chain[0], clock.instant())) {
      throw new CertificateException("the client certificate is not valid now");
    }
    if (asker.flatMap(it -> revocations.refusal(chain[0], it.asks())).isPresent()) {
      throw new CertificateException("the client certificate is not known to be unrevoked");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("clients are pinned here, and no server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  /** None, so that any client may send its certificate. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
