package dev.ermine.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who the gateway is at one side of TLS: its certificate, with the chain that it needs, and the
 * certificate's private key.
 *
 * @param chain its own certificate first, each before the one that issued it
 */
public record GatewayIdentity(List<X509Certificate> chain, PrivateKey key) {
  public GatewayIdentity {
    chain = List.copyOf(chain);
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Its thumbprint, never the key. */
  @Override
  public String toString() {
    return "GatewayIdentity[" + Thumbprints.x5tS256(certificate()) + "]";
  }
}
