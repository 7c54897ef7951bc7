package dev.ermine.trust;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway shows of itself at each TLS handshake: the identity in force at that moment, so
 * that a new one needs no new TLS context and closes no connection.
 *
 * <p>A handshake asks for a name first, and then for key and chain by that name. The name is the
 * certificate's thumbprint, and the last two identities are remembered, so that a handshake that an
 * exchange falls into ends with the identity that it began with.
 */
public final class ShownIdentity extends X509ExtendedKeyManager {

  private final Supplier<GatewayIdentity> inForce;
  private volatile List<GatewayIdentity> shown = List.of();

  /**
   * @param inForce the identity in force now
   */
  public ShownIdentity(Supplier<GatewayIdentity> inForce) {
    this.inForce = inForce;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(List.of(keyType));
  }

  /** Whoever the peer says it trusts: a peer that does not trust us says so itself. */
  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(List.of(keyTypes));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(List.of(keyType));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return alias(List.of(keyTypes));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  private String @Nullable [] aliases(String keyType) {
    String alias = alias(List.of(keyType));
    return alias == null ? null : new String[] {alias};
  }

  private @Nullable String alias(List<String> keyTypes) {
    GatewayIdentity now = inForce.get();
    if (!keyTypes.contains(now.key().getAlgorithm())) {
      return null;
    }
    remember(now);
    return aliasOf(now);
  }

  private synchronized void remember(GatewayIdentity now) {
    if (shown.isEmpty()) {
      shown = List.of(now);
    } else if (!shown.getFirst().equals(now)) {
      shown = List.of(now, shown.getFirst());
    }
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return named(alias)
        .map(identity -> identity.chain().toArray(X509Certificate[]::new))
        .orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return named(alias).map(GatewayIdentity::key).orElse(null);
  }

  private Optional<GatewayIdentity> named(String alias) {
    return shown.stream().filter(identity -> aliasOf(identity).equals(alias)).findFirst();
  }

  private static String aliasOf(GatewayIdentity identity) {
    return Thumbprints.x5tS256(identity.certificate());
  }
}
