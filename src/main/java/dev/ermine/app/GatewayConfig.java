package dev.ermine.app;

import dev.ermine.trust.OfficerRole;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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

  /** Signing keys that are published already and do not sign yet; a JWK Set of private keys. */
  Optional<Path> signingKeyNext();

  /** Signing keys that no longer sign, while what they have signed may still be shown. */
  Optional<Path> signingKeyRetiring();

  /** Signing keys that are published no more, and whose tokens are refused. */
  Optional<Path> signingKeyRevoked();

  /** Who may rehearse, explain and sign: the officers by their ids. */
  Map<String, Officer> officers();

  /** A security officer. */
  interface Officer {

    /** The client certificate, in PEM, by which the officer is known at {@code /trust}. */
    Optional<Path> certificate();

    /** What the officer may do there. */
    Optional<Set<OfficerRole>> roles();

    /** The public JWK by which the officer's signatures under {@code regions.yaml} are known. */
    Optional<Path> key();

    /** The first day on which certificate and key count. */
    Optional<LocalDate> from();

    /** The last day on which they count. */
    Optional<LocalDate> until();

    /** Since when they count no more, whatever was signed before. */
    Optional<LocalDate> revoked();
  }

  /** A JWK Set of the symmetric keys that page tokens are sealed with, the same at all gateways. */
  @WithDefault("page-keys.jwks.json")
  Path pageKeys();

  /** How changes of trust come into force. */
  Trust trust();

  /** How changes of trust come into force. */
  interface Trust {

    /** How many officers have to sign {@code regions.yaml}; in the sandbox none, unless set. */
    OptionalInt signatures();

    /** The least {@code serial} of {@code regions.yaml} that is believed. */
    @WithDefault("1")
    int leastSerial();

    /** The file of suspensions, one officer's word, which may be absent. */
    @WithDefault("suspensions.yaml")
    Path suspensions();

    /** The least {@code serial} of suspensions that is believed, if there has to be one. */
    OptionalInt leastSuspensionsSerial();

    /**
     * The Kubernetes ConfigMap that holds suspensions, where it is watched: {@code namespace/name}.
     */
    Optional<String> configMap();
  }

  /** Who has opted out of uses beyond their care. */
  OptOuts optOuts();

  /** The register of the National Data Opt-out; without one every such use is refused. */
  interface OptOuts {

    /** The list, which is replaced before it ends. */
    Optional<Path> file();

    /** The secret that it is written with, 32 bytes or more, and nothing else in the file. */
    Optional<Path> key();
  }

  /** How much there is of what requests share. */
  Limits limits();

  /** How much there is of what requests share. */
  interface Limits {

    /** Requests inside at once, however well it goes; fewer where the machine bears fewer. */
    @WithDefault("512")
    int requests();
  }

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
