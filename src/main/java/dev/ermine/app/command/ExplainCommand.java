package dev.ermine.app.command;

import dev.ermine.audit.PastEvent;
import dev.ermine.audit.PastEvents;
import dev.ermine.federation.Enquiry;
import dev.ermine.federation.EntryEnquiry;
import dev.ermine.federation.Explanation;
import dev.ermine.federation.PastRequest;
import dev.ermine.federation.Prospect;
import dev.ermine.federation.Rehearsal;
import dev.ermine.fhir.Entry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  private static final Map<String, String> PLURALS =
      Map.of("purposes", "purpose", "roles", "role", "types", "type");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--from", paramLabel = "REGION", description = "The asking region.")
  private String from = "";

  @Option(
      names = "--through",
      paramLabel = "REGION",
      description = "The region that hands on the question, as a gateway of theirs.")
  private @Nullable String through;

  @Option(names = "--to", paramLabel = "REGION", description = "A region asked; otherwise all.")
  private List<String> to = List.of();

  @Option(
      names = "--purpose",
      split = ",",
      paramLabel = "CODE",
      description = "Purposes of use that are stated together: TREAT, ETREAT, BTG …")
  private List<String> purposes = List.of();

  @Option(
      names = "--role",
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
      names = "--acr",
      paramLabel = "CONTEXT",
      description = "How the user was authenticated: AAL3_ANY …; otherwise nothing is said of it.")
  private @Nullable String acr;

  @Option(
      names = "--auth-age",
      paramLabel = "TIME",
      description = "How long ago, as PT10M (just now).")
  private Duration authAge = Duration.ZERO;

  @Option(names = "--own-record", description = "The patient is the user.")
  private boolean ownRecord;

  @Option(
      names = "--at",
      paramLabel = "DAY",
      description = "The day, as 2026-01-31; otherwise now.")
  private @Nullable LocalDate at;

  @Option(
      names = "--entry",
      paramLabel = "FILE",
      description =
          "Instead of types: what becomes of these entries of the one region that `--to` names;"
              + " each file a resource or a searchset in JSON.")
  private List<Path> entries = List.of();

  @Option(
      names = "--consent",
      paramLabel = "FILE",
      description = "Consents that the region holds of the patient, with `--entry`.")
  private List<Path> consents = List.of();

  @Option(
      names = "--asker-consent",
      paramLabel = "FILE",
      description = "Consents that the asking region holds of the patient, with `--entry`.")
  private List<Path> askerConsents = List.of();

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "Instead of all that: why the request of this X-Request-Id went as it did.")
  private @Nullable String request;

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description = "The audit file that it is looked up in (${DEFAULT-VALUE}).")
  private Path audit = Path.of("ermine.audit.ndjson");

  @Mixin private TrustFiles files = new TrustFiles();

  ExplainCommand(InstantSource clock, PrintWriter out, PrintWriter err) {
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    if (request == null && (from.isEmpty() || purposes.isEmpty() || roles.isEmpty())) {
      throw new ParameterException(
          spec().commandLine(),
          "say `--from`, `--purpose` and `--role` of who asks, or a `--request`");
    }
    if (entries.isEmpty() && !(consents.isEmpty() && askerConsents.isEmpty())) {
      throw new ParameterException(
          spec().commandLine(), "say with `--entry` what the Consents are to be asked about");
    }
    Optional<Rehearsal> version = files.version(err).map(Rehearsal::new);
    if (version.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    if (request != null) {
      return explain(request, version.get());
    }
    return entries.isEmpty() ? explain(version.get()) : explainEntries(version.get());
  }

  private int explainEntries(Rehearsal version) throws IOException {
    Optional<List<Entry>> held = FhirFiles.entries(consents, err);
    Optional<List<Entry>> askers = FhirFiles.entries(askerConsents, err);
    Optional<List<Entry>> asked = FhirFiles.entries(entries, err);
    if (held.isEmpty() || askers.isEmpty() || asked.isEmpty()) {
      return Exit.COULD_NOT_RUN;
    }
    EntryEnquiry question = new EntryEnquiry(enquiry(), held.get(), askers.get(), asked.get());
    return switch (question.answer(version, clock.instant())) {
      case EntryEnquiry.Answer.Unclear(List<Enquiry.Fault> faults) ->
          throw wrong(faults.getFirst());
      case EntryEnquiry.Answer.Weighed weighed -> {
        tell(weighed);
        yield weighed.disclosed() ? Exit.GOOD : Exit.FINDING;
      }
    };
  }

  /** An entry is known by its place in the files: its id may be somebody's number. */
  private void tell(EntryEnquiry.Answer.Weighed weighed) {
    List<EntryEnquiry.Weight> weights = weighed.weights();
    if (files.json()) {
      out.println(
          Json.text(Json.object("entries", weights.stream().map(ExplainCommand::json).toList())));
      return;
    }
    for (int i = 0; i < weights.size(); i++) {
      EntryEnquiry.Weight weight = weights.get(i);
      out.println("%s  %d %s  %s".formatted(word(weight), i + 1, weight.type(), weight.rule()));
      weight.because().forEach(sentence -> out.println("  " + sentence + "."));
    }
  }

  private static Object json(EntryEnquiry.Weight weight) {
    return Json.object(
        "type", weight.type(),
        "decision", word(weight),
        "rule", weight.rule(),
        "because", weight.because());
  }

  private static String word(EntryEnquiry.Weight weight) {
    return weight.disclosed() ? "disclosed" : "withheld";
  }

  private int explain(String id, Rehearsal version) throws IOException {
    List<PastEvent> events = PastEvents.of(audit, id);
    if (events.isEmpty()) {
      err.println("no request of that id is in `" + audit + "`; look in the other pods' files");
      return Exit.FINDING;
    }
    PastRequest past = new PastRequest(id, events, version);
    if (files.json()) {
      out.println(Json.text(past.values()));
    } else {
      past.lines().forEach(out::println);
    }
    return past.refused() ? Exit.FINDING : Exit.GOOD;
  }

  private int explain(Rehearsal version) {
    return switch (enquiry().answer(version, clock.instant())) {
      case Enquiry.Answer.Unclear(List<Enquiry.Fault> faults) -> throw wrong(faults.getFirst());
      case Enquiry.Answer.Explained(Explanation explanation) -> {
        tell(explanation);
        yield explanation.permitted() ? Exit.GOOD : Exit.FINDING;
      }
    };
  }

  private Enquiry enquiry() {
    return new Enquiry(
        from,
        Optional.ofNullable(through),
        to,
        purposes,
        roles,
        types,
        Optional.ofNullable(organisation),
        unrelated ? Optional.empty() : Optional.of(basis),
        breakGlassReason != null && !breakGlassReason.isBlank(),
        patientNamed,
        Optional.ofNullable(acr),
        authAge,
        ownRecord,
        Optional.ofNullable(at));
  }

  private ParameterException wrong(Enquiry.Fault fault) {
    String option = PLURALS.getOrDefault(fault.part(), fault.part());
    return new ParameterException(
        spec().commandLine(), "--%s: %s".formatted(option, fault.message()));
  }

  private void tell(Explanation explanation) {
    if (files.json()) {
      out.println(Json.text(explanation.values()));
      return;
    }
    Table table = new Table();
    for (Prospect prospect : explanation.prospects()) {
      table.row(
          prospect.permitted() ? "permit" : "deny",
          prospect.region().value(),
          prospect.type(),
          String.join(", ", prospect.rules()));
    }
    table.lines().forEach(out::println);
    out.println();
    explanation.sentences().forEach((rule, sentence) -> out.println(rule + ": " + sentence + "."));
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli makes the command");
    }
    return spec;
  }
}
