package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;

/**
 * Where the bearer tokens for a question come from.
 *
 * <p>{@link #of} is called once a question, on the asker's thread. What it returns is called once
 * an exchange, on an event loop: whether it then gives the same token or a new one is its matter.
 */
@FunctionalInterface
public interface PeerCredentials {

  /**
   * The tokens for the exchanges of {@code question}.
   *
   * @param certificate our client certificate on the connections that carry them
   */
  Supplier<String> of(PeerQuestion question, X509Certificate certificate);
}
