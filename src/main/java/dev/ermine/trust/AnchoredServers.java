package dev.ermine.trust;

import dev.ermine.region.Region;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The TLS servers that a region may be asked at: those whose certificate chains to one of its
 * anchors, is for the host that is asked, and is known not to be revoked, where that is to be
 * known.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, 6: path validation</a>
 */
public final class AnchoredServers extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager anchored;
  private final Optional<Region.Revocation> revocation;
  private final Revocations revocations;

  public AnchoredServers(
      List<X509Certificate> anchors,
      Optional<Region.Revocation> revocation,
      Revocations revocations) {
    this.anchored = anchored(anchors);
    this.revocation = revocation;
    this.revocations = revocations;
  }

  private static X509ExtendedTrustManager anchored(List<X509Certificate> certificates) {
    try {
      KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      int index = 0;
      for (X509Certificate anchor : certificates) {
        anchors.setCertificateEntry("anchor-" + index++, anchor);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      return Stream.of(factory.getTrustManagers())
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java platform cannot hold a region's anchors", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    anchored.checkServerTrusted(chain, authType, engine);
    checkRevocation(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    anchored.checkServerTrusted(chain, authType, socket);
    checkRevocation(chain[0]);
  }

  /**
   * The server's own certificate alone: it is good only where an anchor has issued it, and then
   * there is no certificate between the two.
   */
  private void checkRevocation(X509Certificate leaf) throws CertificateException {
    if (!isUnrevoked(leaf)) {
      throw new CertificateException("the server's certificate is not known to be unrevoked");
    }
  }

  private boolean isUnrevoked(X509Certificate leaf) {
    return revocation.isEmpty()
        || revocations.status(leaf, revocation.get()) == Revocations.Status.GOOD;
  }

  /**
   * Whether the server of a session that was agreed here would be found good now: what a connection
   * that is kept alive, and a session that a new one resumes, is not asked again.
   */
  public boolean stillTrusts(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      Instant now = revocations.now();
      return Stream.of(chain)
              .map(X509Certificate.class::cast)
              .allMatch(certificate -> CertificateRules.isValidAt(certificate, now))
          && isUnrevoked((X509Certificate) chain[0]);
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("a region was connected to without its certificate", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("without a connection it is not known which host is asked");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("servers are anchored here, and no client");
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
  public X509Certificate[] getAcceptedIssuers() {
    return anchored.getAcceptedIssuers();
  }
}
