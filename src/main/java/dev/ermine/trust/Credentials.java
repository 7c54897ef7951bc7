package dev.ermine.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What the wire brought, unproven: the client's certificate chain from the TLS session, and the
 * bearer token.
 *
 * @param chain leaf first; empty when the client sent none
 * @param bearer the token's text, empty when there was no {@code Authorization: Bearer}
 */
public record Credentials(List<X509Certificate> chain, Optional<String> bearer) {

  public Credentials {
    chain = List.copyOf(chain);
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "Credentials[" + chain.size() + " certificates]";
  }
}
