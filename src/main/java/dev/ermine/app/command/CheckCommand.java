package dev.ermine.app.command;

import dev.ermine.federation.AgreementFindings;
import dev.ermine.region.EditionFindings;
import dev.ermine.region.Fault;
import dev.ermine.region.Finding;
import dev.ermine.region.Finding.Severity;
import dev.ermine.region.KeyFindings;
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
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  @Option(names = "--regions", paramLabel = "FILE", description = "The regions (${DEFAULT-VALUE}).")
  private Path regions = Path.of("regions.yaml");

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that it names are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  CheckCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Path yaml = file == null ? regions : file;
    if (!Files.isReadable(yaml)) {
      err.println(yaml + ": cannot be read; does it exist?");
      return Exit.COULD_NOT_RUN;
    }
    return tell(findings(yaml));
  }

  private int tell(Collection<Finding> findings) {
    if (json) {
      out.println(Json.text(Json.object("findings", findings.stream().map(this::json).toList())));
    } else if (findings.isEmpty()) {
      out.println("nothing found");
    } else {
      Table table = new Table();
      findings.forEach(it -> table.row(severity(it), it.path(), it.message()));
      table.lines().forEach(out::println);
    }
    return findings.isEmpty() ? Exit.GOOD : Exit.FINDING;
  }

  private Collection<Finding> findings(Path yaml) {
    return switch (RegionsFile.read(yaml, certs, Stage.SANDBOX)) {
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
    findings.addAll(AgreementFindings.of(version, now.atZone(DiffCommand.LONDON).toLocalDate()));
    return findings;
  }

  /** What only production refuses. */
  private List<Finding> ofDevelopment(Path yaml) {
    return RegionsFile.read(yaml, certs, Stage.PRODUCTION) instanceof Reading.Faulty faulty
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
