package dev.ermine.app.command;

import dev.ermine.audit.PastEvents;
import dev.ermine.federation.DecisionChanges;
import dev.ermine.federation.Replay;
import dev.ermine.federation.Sharing;
import dev.ermine.region.Change;
import dev.ermine.region.DeclarationChanges;
import dev.ermine.region.Regions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      names = "--replay",
      arity = "1..*",
      paramLabel = "AUDIT",
      description = "Audit files whose queries are decided by OLD and by NEW.")
  private List<Path> audits = List.of();

  @Option(
      names = "--at",
      paramLabel = "DAY",
      description = "Decide them as on that day; otherwise each as on its own.")
  private @Nullable LocalDate at;

  @Mixin private Answering answering = new Answering();

  DiffCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Regions> before =
        Versions.read(old, oldCerts == null ? answering.certs() : oldCerts, err);
    Optional<Regions> after = Versions.read(now, answering.certs(), err);
    return before.isPresent() && after.isPresent()
        ? diff(before.get(), after.get())
        : Exit.COULD_NOT_RUN;
  }

  private int diff(Regions before, Regions after) throws IOException {
    LocalDate today = clock.instant().atZone(LONDON).toLocalDate();
    DecisionChanges decisions = DecisionChanges.between(before, after, today);
    List<Change> declarations = DeclarationChanges.between(before, after);
    Optional<Replayed> replayed =
        audits.isEmpty() ? Optional.empty() : Optional.of(replay(before, after));
    if (answering.json()) {
      Map<String, Object> json = json(decisions, declarations);
      replayed.ifPresent(it -> json.put("replay", it.values()));
      out.println(Json.text(json));
    } else {
      replayed.ifPresent(it -> it.lines().forEach(out::println));
      print(decisions, declarations);
    }
    boolean alike = decisions.isEmpty() && declarations.isEmpty();
    return alike && replayed.filter(it -> !it.result().isEmpty()).isEmpty()
        ? Exit.GOOD
        : Exit.FINDING;
  }

  private Replayed replay(Regions before, Regions after) throws IOException {
    Optional<Instant> moment =
        Optional.ofNullable(at).map(day -> day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC));
    Replay replay = new Replay(before, after, moment);
    long unreadable = 0;
    for (Path audit : audits) {
      unreadable += PastEvents.read(audit, replay::add).unreadable();
    }
    return new Replayed(replay.result(), unreadable);
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
    return term.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
