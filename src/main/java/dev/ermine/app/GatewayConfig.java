package dev.ermine.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The gateway's properties, {@code ermine.…}, or {@code ERMINE_…} in the environment. Names of key
 * and certificate files are relative to {@link #certs}.
 */
@ConfigMapping(prefix = "ermine")
public interface GatewayConfig {

  /** Where the gateway is reached from outside: {@code https://gateway.example}. */
  String baseUrl();

  /** The file of regions and agreements. */
  @WithDefault("regions.yaml")
  Path regions();

  /** The directory of keys and certificates, those that the regions' file names included. */
  @WithDefault("certs")
  Path certs();

  /** A JWK Set of the private keys that tokens to peers are signed with. */
  @WithDefault("gateway-signing.jwks.json")
  Path signingKey();

  /** The certificate, with its chain, that is shown to peers, in PEM. */
  @WithDefault("gateway-client.crt")
  Path clientCertificate();

  /** Its private key, in PKCS #8 PEM. */
  @WithDefault("gateway-client.key")
  Path clientKey();

  /** The certificate, with its chain, that is shown to askers, in PEM. */
  @WithDefault("gateway-server.crt")
  Path serverCertificate();

  /** Its private key, in PKCS #8 PEM. */
  @WithDefault("gateway-server.key")
  Path serverKey();

  /** How long it serves on when it is told to stop: until no balancer sends it new callers. */
  @WithDefault("5s")
  Duration drainDelay();

  /** The audit trail. */
  Audit audit();

  /** Where audit records go. */
  interface Audit {

    /** The file that they are appended to. */
    @WithDefault("ermine.audit.ndjson")
    Path file();
  }

  /** A key or certificate file where it is. */
  default Path certsFile(Path name) {
    return certs().resolve(name);
  }
}
