package dev.ermine.app.command;

import dev.ermine.federation.DecisionChanges;
import dev.ermine.federation.Sharing;
import dev.ermine.region.Change;
import dev.ermine.region.DeclarationChanges;
import dev.ermine.region.Regions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust diff}: what a new version of {@code regions.yaml} opens, closes and changes. */
@Command(
    name = "diff",
    description = "Decisions gained and lost, widenings first, then every other change.")
final class DiffCommand implements Callable<Integer> {

  static final ZoneId LONDON = ZoneId.of("Europe/London");

  private final InstantSource clock;
  private final PrintWriter out;
  private final PrintWriter err;

  @Parameters(index = "0", paramLabel = "OLD", description = "The regions in force.")
  private Path old = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "The regions to be.")
  private Path now = Path.of("");

  @Option(
      names = "--old-certs",
      paramLabel = "DIR",
      description = "Where the files that OLD names are; otherwise with those of NEW.")
  private @Nullable Path oldCerts;

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that NEW names are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  DiffCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Optional<Regions> before = Versions.read(old, oldCerts == null ? certs : oldCerts, err);
    Optional<Regions> after = Versions.read(now, certs, err);
    return before.isPresent() && after.isPresent()
        ? diff(before.get(), after.get())
        : Exit.COULD_NOT_RUN;
  }

  private int diff(Regions before, Regions after) {
    LocalDate today = clock.instant().atZone(LONDON).toLocalDate();
    DecisionChanges decisions = DecisionChanges.between(before, after, today);
    List<Change> declarations = DeclarationChanges.between(before, after);
    if (json) {
      out.println(Json.text(json(decisions, declarations)));
    } else {
      print(decisions, declarations);
    }
    return decisions.isEmpty() && declarations.isEmpty() ? Exit.GOOD : Exit.FINDING;
  }

  private void print(DecisionChanges decisions, List<Change> declarations) {
    decisions.gained().forEach(sharing -> out.println("opens " + sharing.words()));
    decisions.lost().forEach(sharing -> out.println("closes " + sharing.words()));
    if (decisions.isEmpty()) {
      out.println("no decision differs");
    }
    if (!declarations.isEmpty()) {
      out.println();
    }
    Table table = new Table();
    declarations.forEach(change -> table.row(effect(change), change.path(), change.message()));
    table.lines().forEach(out::println);
  }

  private static String effect(Change change) {
    return change.effect().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> json(DecisionChanges decisions, List<Change> declarations) {
    return Json.object(
        "opens",
        decisions.gained().stream().map(DiffCommand::json).toList(),
        "closes",
        decisions.lost().stream().map(DiffCommand::json).toList(),
        "declarations",
        declarations.stream()
            .map(
                change ->
                    Json.object(
                        "effect",
                        effect(change),
                        "path",
                        change.path(),
                        "message",
                        change.message()))
            .toList());
  }

  private static Map<String, Object> json(Sharing sharing) {
    Map<String, Object> block =
        Json.object(
            "releasing", sharing.releasing().value(),
            "asking", sharing.asking().value(),
            "rules", sharing.rules());
    sharing.terms().forEach((term, values) -> block.put(word(term), List.copyOf(values)));
    return block;
  }

  private static String word(Sharing.Term term) {
    return term.name().toLowerCase(Locale.ROOT);
  }
}
