package dev.ermine.app.command;

import dev.ermine.federation.Enquirer;
import dev.ermine.federation.Prospect;
import dev.ermine.federation.Rehearsal;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trust explain}: what one asker would get, and by which rules. */
@Command(
    name = "explain",
    description = "Permit or deny for each region and type, with the rules that say so.")
final class ExplainCommand implements Callable<Integer> {

  private final InstantSource clock;
  private final PrintWriter out;
  private final PrintWriter err;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "REGION",
      description = "The asking region.")
  private String from = "";

  @Option(names = "--to", paramLabel = "REGION", description = "A region asked; otherwise all.")
  private List<String> to = List.of();

  @Option(
      names = "--purpose",
      required = true,
      split = ",",
      paramLabel = "CODE",
      description = "Purposes of use that are stated together: TREAT, ETREAT, BTG …")
  private List<String> purposes = List.of();

  @Option(
      names = "--role",
      required = true,
      split = ",",
      paramLabel = "CODE",
      description = "Job roles of the asker: R8000 …")
  private List<String> roles = List.of();

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "Resource types; otherwise all that a region has.")
  private List<String> types = List.of();

  @Option(
      names = "--organisation",
      paramLabel = "ODS",
      description = "The asking organisation; otherwise the one that answers for the region.")
  private @Nullable String organisation;

  @Option(
      names = "--basis",
      paramLabel = "BASIS",
      description = "What the relationship with the patient rests on (${DEFAULT-VALUE}).")
  private String basis = "encounter";

  @Option(names = "--no-relationship", description = "State no relationship with the patient.")
  private boolean unrelated;

  @Option(
      names = "--break-glass-reason",
      paramLabel = "TEXT",
      description = "Why what is withheld must be seen now; with the purpose BTG.")
  private @Nullable String breakGlassReason;

  @Option(names = "--patient-named", description = "The token names the patient.")
  private boolean patientNamed;

  @Option(
      names = "--at",
      paramLabel = "DAY",
      description = "The day, as 2026-01-31; otherwise now.")
  private @Nullable LocalDate at;

  @Option(names = "--regions", paramLabel = "FILE", description = "The regions (${DEFAULT-VALUE}).")
  private Path regions = Path.of("regions.yaml");

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that it names are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  ExplainCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    return Versions.read(regions, certs, err).map(this::explain).orElse(Exit.COULD_NOT_RUN);
  }

  private int explain(Regions version) {
    Enquirer enquirer = enquirer(version);
    to.forEach(id -> known(version, "--to", id));
    Predicate<Region> wanted =
        region ->
            to.isEmpty()
                ? !region.id().equals(enquirer.region())
                : to.contains(region.id().value());
    Rehearsal rehearsal = new Rehearsal(version);
    List<Prospect> prospects = rehearsal.explain(enquirer, wanted, types, moment());
    if (json) {
      out.println(Json.text(json(enquirer, rehearsal, prospects)));
    } else {
      print(prospects, rehearsal);
    }
    boolean permitted = prospects.stream().allMatch(Prospect::permitted) && !prospects.isEmpty();
    return permitted ? Exit.GOOD : Exit.FINDING;
  }

  private Enquirer enquirer(Regions version) {
    Region asking = known(version, "--from", from);
    return new Enquirer(
        asking.id(),
        organisation == null ? asking.organisation().ods() : organisation,
        purposes.stream().map(this::purpose).collect(Collectors.toSet()),
        Set.copyOf(roles),
        unrelated ? Optional.empty() : Optional.of(basis),
        Optional.ofNullable(breakGlassReason),
        patientNamed);
  }

  private Region known(Regions version, String option, String id) {
    return version.region(id).orElseThrow(() -> wrong(option, id, "is no region of " + regions));
  }

  private PurposeOfUse purpose(String text) {
    return PurposeOfUse.parse(text)
        .filter(PurposeOfUse::known)
        .orElseThrow(() -> wrong("--purpose", text, "is no purpose of use that v3 ActReason has"));
  }

  private ParameterException wrong(String option, String value, String what) {
    return new ParameterException(
        spec().commandLine(), "%s: `%s` %s".formatted(option, value, what));
  }

  /** An hour of that day in London, summer and winter. */
  private Instant moment() {
    return at == null ? clock.instant() : at.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
  }

  private void print(List<Prospect> prospects, Rehearsal rehearsal) {
    Table table = new Table();
    for (Prospect prospect : prospects) {
      table.row(
          prospect.permitted() ? "permit" : "deny",
          prospect.region().value(),
          prospect.type(),
          String.join(", ", prospect.rules()));
    }
    table.lines().forEach(out::println);
    out.println();
    sentences(prospects, rehearsal)
        .forEach((rule, sentence) -> out.println(rule + ": " + sentence + "."));
  }

  /** What each rule says that denies something; that an agreement permits, its id says. */
  private static Map<String, String> sentences(List<Prospect> prospects, Rehearsal rehearsal) {
    Map<String, String> sentences = new LinkedHashMap<>();
    prospects.stream()
        .filter(prospect -> !prospect.permitted())
        .flatMap(prospect -> prospect.rules().stream())
        .forEach(rule -> sentences.put(rule, rehearsal.words(rule)));
    return sentences;
  }

  private Map<String, Object> json(
      Enquirer enquirer, Rehearsal rehearsal, List<Prospect> prospects) {
    List<Map<String, Object>> each = new ArrayList<>();
    for (Prospect prospect : prospects) {
      each.add(
          Json.object(
              "region",
              prospect.region().value(),
              "type",
              prospect.type(),
              "decision",
              prospect.permitted() ? "permit" : "deny",
              "rules",
              prospect.rules()));
    }
    return Json.object(
        "from",
        from,
        "organisation",
        enquirer.organisation(),
        "at",
        moment().toString(),
        "decisions",
        each,
        "denied-because",
        sentences(prospects, rehearsal));
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli makes the command");
    }
    return spec;
  }
}
