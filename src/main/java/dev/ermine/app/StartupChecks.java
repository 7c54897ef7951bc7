package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.policy.OptOuts;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.LiveRegions.Opening;
import dev.ermine.region.LiveRegions.TrustFiles;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.trust.CertificateRules.Purpose;
import dev.ermine.trust.Ecdsa;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.Officers;
import dev.ermine.trust.PageKeys;
import dev.ermine.trust.TrustVerifier;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The reading of all that the gateway stands on. Where anything is amiss it does not start, and
 * says everything at once, each by its property.
 */
final class StartupChecks {

  private static final Logger LOG = Logger.getLogger(StartupChecks.class);
  private static final String SANDBOX = "sandbox";

  private final GatewayConfig config;
  private final SmallRyeConfig settings;
  private final InstantSource clock;
  private final Stage stage;
  private final List<String> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private StartupChecks(GatewayConfig config, SmallRyeConfig settings, InstantSource clock) {
    this.config = config;
    this.settings = settings;
    this.clock = clock;
    this.stage = stage(settings);
  }

  /**
   * The ground to stand on. What is no fault yet is logged as a warning.
   *
   * @param settings all that is set, the frameworks' own too
   * @throws ConfigurationException with every fault, a line each
   */
  static Ground ground(GatewayConfig config, SmallRyeConfig settings, InstantSource clock) {
    StartupChecks checks = new StartupChecks(config, settings, clock);
    Ground ground =
        checks
            .read()
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "the gateway cannot start:\n  " + String.join("\n  ", checks.faults)));
    checks.warnings.forEach(
        warning -> LOG.warnf("a setting wants attention", entry("warning", warning)));
    Ecdsa.fault()
        .ifPresent(
            fault ->
                LOG.warnf(
                    "BoringSSL is not there: the JDK signs and verifies ES256 and ES384, and takes longer",
                    entry("fault", fault)));
    return ground;
  }

  /** Production, unless the one profile that is active says otherwise. */
  static Stage stage(SmallRyeConfig settings) {
    return settings.getProfiles().equals(List.of(SANDBOX)) ? Stage.SANDBOX : Stage.PRODUCTION;
  }

  private Optional<Ground> read() {
    faults.addAll(ForeignSettings.faults(settings));
    checkStage();
    Optional<String> host = host();
    checkDirectory();
    checkAuditFile();
    checkConfigMap();
    faults.addAll(TracingAgent.faults());
    Optional<LiveRegions> live = regions();
    Optional<Regions> regions = live.map(LiveRegions::current);
    OwnKeys own = OwnKeys.of(config, stage);
    Optional<GatewayKeys> keys = keys(own);
    Optional<LivePageKeys> pageKeys = pageKeys();
    Optional<LivePair> client =
        pair(Purpose.CLIENT, config.clientCertificate(), config.clientKey(), Optional.empty());
    Optional<LivePair> server =
        pair(Purpose.SERVER, config.serverCertificate(), config.serverKey(), host);
    regions.ifPresent(
        read -> keys.ifPresent(signing -> faults.addAll(OwnKeys.faults(signing, read))));
    Officers officers = officers(regions);
    Optional<LiveOptOuts> optOuts = optOuts();
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Ground(
            stage,
            config.baseUrl(),
            live.orElseThrow(),
            own,
            keys.orElseThrow(),
            pageKeys.orElseThrow(),
            client.orElseThrow(),
            server.orElseThrow(),
            officers,
            optOuts.orElseThrow(),
            config.audit().file()));
  }

  private void checkStage() {
    if (stage == Stage.SANDBOX) {
      warnings.add(
          "quarkus.profile: `sandbox` believes development keys, which anyone can make; never run it"
              + " before real records");
    }
  }

  /** The host of the base URL. */
  private Optional<String> host() {
    if (isBase(config.baseUrl())) {
      return Optional.of(URI.create(config.baseUrl()).getHost());
    }
    fault(
        "base-url",
        "`%s` is not a base URL; write it like `https://gateway.example`, without path or slash at"
                .formatted(config.baseUrl())
            + " the end");
    return Optional.empty();
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

  private void checkConfigMap() {
    config
        .trust()
        .configMap()
        .filter(name -> ConfigMapName.parse(name).isEmpty())
        .ifPresent(
            name ->
                fault(
                    "trust.config-map",
                    "`%s` is not `namespace/name`; say which ConfigMap is watched"
                        .formatted(name)));
  }

  private Optional<LiveRegions> regions() {
    FourEyes.Reading eyes = FourEyes.read(config, stage, clock);
    faults.addAll(eyes.faults());
    warnings.addAll(eyes.warnings());
    TrustFiles files =
        new TrustFiles(config.regions(), config.certs(), config.trust().suspensions());
    return switch (LiveRegions.open(files, stage, eyes.control(), clock)) {
      case Opening.Opened(LiveRegions live) -> {
        TrustVerifier.faults(live.current()).forEach(fault -> fault("regions", fault));
        live.flaws().forEach(flaw -> warnings.add("ermine.regions: " + flaw));
        yield Optional.of(live);
      }
      case Opening.Refused(List<Fault> found) -> {
        found.forEach(fault -> fault("regions", fault.toString()));
        yield Optional.empty();
      }
    };
  }

  private Optional<GatewayKeys> keys(OwnKeys own) {
    return switch (own.read()) {
      case Live.Reading.Good<GatewayKeys>(GatewayKeys keys) -> Optional.of(keys);
      case Live.Reading.Refused<GatewayKeys>(List<String> found) -> {
        faults.addAll(found);
        yield Optional.empty();
      }
    };
  }

  private Optional<LivePageKeys> pageKeys() {
    PageKeyFile file = new PageKeyFile(config.certsFile(config.pageKeys()), stage);
    return switch (file.read(clock.instant())) {
      case Live.Reading.Good<PageKeys>(PageKeys keys) ->
          Optional.of(new LivePageKeys(file, keys, clock));
      case Live.Reading.Refused<PageKeys>(List<String> found) -> {
        faults.addAll(found);
        yield Optional.empty();
      }
    };
  }

  private Officers officers(Optional<Regions> regions) {
    OfficerFiles files = new OfficerFiles(config, stage);
    Officers officers = files.read();
    files.faults().forEach(fault -> faults.add("ermine.officers." + fault));
    regions.ifPresent(
        read ->
            officers
                .faults(read, clock.instant())
                .forEach(it -> faults.add("ermine.officers." + it)));
    return officers;
  }

  private Optional<LiveOptOuts> optOuts() {
    OptOutFiles files = OptOutFiles.of(config, stage);
    return switch (files.read(clock.instant())) {
      case Live.Reading.Good<OptOuts>(OptOuts read) -> {
        LiveOptOuts live = new LiveOptOuts(files, read, clock);
        live.notCounting().ifPresent(it -> warnings.add("ermine.opt-outs.file: " + it));
        yield Optional.of(live);
      }
      case Live.Reading.Refused<OptOuts>(List<String> found) -> {
        faults.addAll(found);
        yield Optional.empty();
      }
    };
  }

  private Optional<LivePair> pair(
      Purpose purpose, Path certificate, Path key, Optional<String> host) {
    PemPair files = new PemPair(config.certsFile(certificate), config.certsFile(key));
    OwnPair own = new OwnPair(files, purpose, host, stage);
    return switch (own.read(clock.instant())) {
      case Live.Reading.Good<GatewayIdentity>(GatewayIdentity identity) -> {
        own.warning(identity, clock.instant()).ifPresent(warnings::add);
        yield Optional.of(new LivePair(own, identity, clock));
      }
      case Live.Reading.Refused<GatewayIdentity>(List<String> found) -> {
        faults.addAll(found);
        yield Optional.empty();
      }
    };
  }

  private void fault(String property, String fault) {
    faults.add("ermine." + property + ": " + fault);
  }
}
