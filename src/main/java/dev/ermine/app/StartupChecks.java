package dev.ermine.app;

import dev.ermine.region.Fault;
import dev.ermine.region.Reading;
import dev.ermine.region.Regions;
import dev.ermine.region.RegionsFile;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.TrustVerifier;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reading of all that the gateway stands on. Where anything is amiss it does not start, and
 * says everything at once, each by its property.
 */
final class StartupChecks {

  private final GatewayConfig config;
  private final List<String> faults = new ArrayList<>();

  private StartupChecks(GatewayConfig config) {
    this.config = config;
  }

  /**
   * The ground to stand on.
   *
   * @throws ConfigurationException with every fault, a line each
   */
  static Ground ground(GatewayConfig config) {
    StartupChecks checks = new StartupChecks(config);
    return checks
        .read()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "the gateway cannot start:\n  " + String.join("\n  ", checks.faults)));
  }

  private Optional<Ground> read() {
    checkBase();
    checkDirectory();
    checkAuditFile();
    faults.addAll(TracingAgent.faults());
    Optional<Regions> regions = regions();
    Optional<GatewayKeys> keys = keys();
    Optional<PemPair> client = pair("client", config.clientCertificate(), config.clientKey());
    Optional<PemPair> server = pair("server", config.serverCertificate(), config.serverKey());
    regions.ifPresent(read -> keys.ifPresent(own -> checkKeysFor(read, own)));
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Ground(
            config.baseUrl(),
            regions.orElseThrow(),
            keys.orElseThrow(),
            client.orElseThrow(),
            server.orElseThrow(),
            config.audit().file()));
  }

  private void checkBase() {
    if (!isBase(config.baseUrl())) {
      fault(
          "base-url",
          "`%s` is not a base URL; write it like `https://gateway.example`, without path or slash at"
                  .formatted(config.baseUrl())
              + " the end");
    }
  }

  private static boolean isBase(String text) {
    try {
      URI uri = new URI(text);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void checkDirectory() {
    if (!Files.isDirectory(config.certs())) {
      fault(
          "certs",
          "`%s` is not a directory; say where keys and certificates are".formatted(config.certs()));
    }
  }

  private void checkAuditFile() {
    Path file = config.audit().file();
    Path directory = file.toAbsolutePath().getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    if (!writable) {
      fault(
          "audit.file",
          "`%s` cannot be written; name a file in a directory that can".formatted(file));
    }
  }

  private Optional<Regions> regions() {
    return switch (RegionsFile.read(config.regions(), config.certs())) {
      case Reading.Loaded(Regions regions) -> {
        TrustVerifier.faults(regions).forEach(fault -> fault("regions", fault));
        yield Optional.of(regions);
      }
      case Reading.Faulty(List<Fault> found) -> {
        found.forEach(fault -> fault("regions", fault.toString()));
        yield Optional.empty();
      }
    };
  }

  private Optional<GatewayKeys> keys() {
    try {
      return Optional.of(GatewayKeys.read(config.certsFile(config.signingKey())));
    } catch (IllegalArgumentException e) {
      fault("signing-key", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** For each region that is asked, a key of ours that its token can be signed with. */
  private void checkKeysFor(Regions regions, GatewayKeys keys) {
    keys.faults(regions).forEach(fault -> fault("signing-key", fault));
  }

  private Optional<PemPair> pair(String name, Path certificate, Path key) {
    try {
      return Optional.of(PemPair.read(config.certsFile(certificate), config.certsFile(key)));
    } catch (PemPair.NotAPair e) {
      fault(name + (e.isTheKey() ? "-key" : "-certificate"), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void fault(String property, String fault) {
    faults.add("ermine." + property + ": " + fault);
  }
}
