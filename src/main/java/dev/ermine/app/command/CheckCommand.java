package dev.ermine.app.command;

import dev.ermine.app.PemPair;
import dev.ermine.federation.AgreementFindings;
import dev.ermine.region.EditionFindings;
import dev.ermine.region.Fault;
import dev.ermine.region.Finding;
import dev.ermine.region.Finding.Severity;
import dev.ermine.region.KeyFindings;
import dev.ermine.region.PrivacyOfficeFindings;
import dev.ermine.region.Reading;
import dev.ermine.region.Regions;
import dev.ermine.region.RegionsFile;
import dev.ermine.region.Stage;
import dev.ermine.trust.TrustVerifier;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trust check}: all that is wrong with a file, or soon will be. */
@Command(
    name = "check",
    description = "Faults of a file, and what an officer should look at in it.")
final class CheckCommand implements Callable<Integer> {

  private final InstantSource clock;
  private final PrintWriter out;
  private final PrintWriter err;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The regions; otherwise --regions.")
  private @Nullable Path file;

  @Mixin private TrustFiles files = new TrustFiles();

  @Mixin private ConnectOptions connecting = new ConnectOptions();

  CheckCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path yaml = file == null ? files.regions() : file;
    if (!Files.isReadable(yaml)) {
      err.println(yaml + ": cannot be read; does it exist?");
      return Exit.COULD_NOT_RUN;
    }
    return connecting.connect() ? connect(yaml) : tell(findings(yaml), List.of());
  }

  private int connect(Path yaml) throws InterruptedException {
    Optional<Regions> version = Versions.read(yaml, files.certs(), err);
    if (version.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    List<String> unknown = connecting.unknown(version.get());
    if (!unknown.isEmpty()) {
      err.println("--region: `" + unknown.getFirst() + "` is no region of " + yaml);
      return Exit.COULD_NOT_RUN;
    }
    try {
      return tell(findings(yaml), connecting.results(version.get(), clock));
    } catch (PemPair.NotAPair | IllegalArgumentException e) {
      err.println("the gateway's own keys: " + e.getMessage());
      return Exit.COULD_NOT_RUN;
    }
  }

  private int tell(Collection<Finding> findings, List<PeerTrial.Result> trials) {
    if (files.json()) {
      Map<String, Object> json =
          Json.object("findings", findings.stream().map(this::json).toList());
      if (connecting.connect()) {
        json.put("regions", trials.stream().map(CheckCommand::json).toList());
      }
      out.println(Json.text(json));
    } else {
      print(findings, trials);
    }
    boolean wrong = trials.stream().anyMatch(trial -> trial.wrong().isPresent());
    return findings.isEmpty() && !wrong ? Exit.GOOD : Exit.FINDING;
  }

  private void print(Collection<Finding> findings, List<PeerTrial.Result> trials) {
    if (findings.isEmpty()) {
      out.println("nothing found");
    }
    Table table = new Table();
    findings.forEach(it -> table.row(severity(it), it.path(), it.message()));
    table.lines().forEach(out::println);
    for (PeerTrial.Result trial : trials) {
      out.println(trial.region().id() + " " + trial.wrong().orElse("answers as it should") + ".");
      trial.untried().forEach(what -> out.println("  not tried: " + what));
    }
  }

  private static Object json(PeerTrial.Result trial) {
    Map<String, Object> json = Json.object("region", trial.region().id().value());
    trial.wrong().ifPresent(sentence -> json.put("wrong", sentence));
    json.put("not-tried", trial.untried());
    return json;
  }

  private Collection<Finding> findings(Path yaml) {
    return switch (RegionsFile.read(yaml, files.certs(), Stage.SANDBOX)) {
      case Reading.Faulty(List<Fault> faults) ->
          faults.stream().map(CheckCommand::finding).toList();
      case Reading.Loaded(Regions version) -> findings(yaml, version);
    };
  }

  private Collection<Finding> findings(Path yaml, Regions version) {
    Instant now = clock.instant();
    Collection<Finding> findings = new TreeSet<>(ofDevelopment(yaml));
    TrustVerifier.faults(version).forEach(fault -> findings.add(finding(fault)));
    findings.addAll(EditionFindings.of(version, now));
    findings.addAll(KeyFindings.of(version, now));
    LocalDate today = now.atZone(DiffCommand.LONDON).toLocalDate();
    findings.addAll(AgreementFindings.of(version, today));
    findings.addAll(PrivacyOfficeFindings.of(version, today));
    return findings;
  }

  /** What only production refuses. */
  private List<Finding> ofDevelopment(Path yaml) {
    return RegionsFile.read(yaml, files.certs(), Stage.PRODUCTION) instanceof Reading.Faulty faulty
        ? faulty.faults().stream().map(CheckCommand::finding).toList()
        : List.of();
  }

  private static Finding finding(Fault fault) {
    String path = fault.path().isEmpty() ? "the file" : fault.path();
    return new Finding(Severity.ERROR, path, fault.message() + " (line " + fault.line() + ")");
  }

  /** Of a fault that begins with its path. */
  private static Finding finding(String fault) {
    int colon = fault.indexOf(": ");
    return new Finding(Severity.ERROR, fault.substring(0, colon), fault.substring(colon + 2));
  }

  private Object json(Finding finding) {
    return Json.object(
        "severity", severity(finding), "path", finding.path(), "message", finding.message());
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }
}
