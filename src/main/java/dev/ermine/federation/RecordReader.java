package dev.ermine.federation;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.Disclosure;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.RegionDecision;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads of one region's resource or document. Not there, another patient's and withheld are the
 * same {@link NotFound}.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#read">FHIR R4: read</a>
 */
final class RecordReader {

  /** The types whose entries point to documents. */
  private static final List<String> POINTERS = List.of("DocumentReference", "DiagnosticReport");

  private final Supplier<Regions> live;
  private final Function<Regions, AgreementRules> rules;
  private final Fanout fanout;
  private final AuditTrail audit;
  private final String gateway;
  private final InstantSource clock;

  RecordReader(
      Supplier<Regions> live,
      Function<Regions, AgreementRules> rules,
      Fanout fanout,
      AuditTrail audit,
      String gateway,
      InstantSource clock) {
    this.live = live;
    this.rules = rules;
    this.fanout = fanout;
    this.audit = audit;
    this.gateway = gateway;
    this.clock = clock;
  }

  /** What is read, on whose behalf, about whom. */
  record Read(Call call, NhsNumber patient, RegionId region, String type, String id) {

    Requester requester() {
      return call.requester();
    }

    /** {@code region/Type/id}. */
    String reference() {
      return region + "/" + type + "/" + id;
    }
  }

  FederatedAnswer read(Read read, Regions regions) {
    Optional<Region> region =
        regions.peersOf(read.requester().region()).stream()
            .filter(peer -> peer.id().equals(read.region()))
            .findFirst();
    if (region.isEmpty()) {
      return new NotFound();
    }
    RegionDecision decision = decide(read, region.get(), regions);
    if (!decision.permitted().contains(read.type())) {
      return failure(
          Failure.NO_AGREEMENT, Issue.Code.FORBIDDEN, "no data sharing agreement covers this read");
    }
    if (!region.get().active()) {
      return failure(Failure.SUSPENDED, Issue.Code.TRANSIENT, "trust in the region is suspended");
    }
    AuditRecord.Query audited = audited(read, regions);
    Map<RegionId, List<String>> asked = Map.of(read.region(), decision.rules(read.type()));
    audit.intend(new AuditRecord.Intent(clock.instant(), audited, asked, Map.of()));
    if (read.requester().breaksGlass()) {
      audit.override(new AuditRecord.GlassBroken(clock.instant(), audited, asked));
    }
    FederatedAnswer answer = ask(read, region.get(), decision, regions);
    audit.record(outcome(read, audited, answer));
    return LastLook.stands(read.requester(), region.get(), live.get(), clock.instant())
        ? answer
        : LastLook.CHANGED;
  }

  /** Everything that may be had of the region, for a document's pointers are of other types. */
  private RegionDecision decide(Read read, Region region, Regions regions) {
    LinkedHashSet<String> types = new LinkedHashSet<>(region.answers().orElseThrow().types());
    types.add(read.type());
    return rules
        .apply(regions)
        .decide(read.requester(), region, List.copyOf(types), clock.instant());
  }

  private FederatedAnswer ask(Read read, Region region, RegionDecision decision, Regions regions) {
    Deadline deadline = Verdict.deadline(regions, Wishes.NONE);
    return read.type().equals("Binary")
        ? document(read, region, decision, regions, deadline)
        : resource(read, region, decision, regions, deadline);
  }

  private FederatedAnswer resource(
      Read read, Region region, RegionDecision decision, Regions regions, Deadline deadline) {
    PeerQuestion question =
        new PeerQuestion.Read(
            region,
            regions.gateway(),
            read.requester(),
            read.patient(),
            read.call().id(),
            read.call().trace(),
            read.type(),
            read.id());
    return switch (one(question, deadline)) {
      case PeerAnswer.Answered answered -> {
        Optional<Miss> miss = firstMiss(answered);
        yield miss.isPresent()
            ? missed(miss.get())
            : disclosure(read, region, decision, List.of(read.type()), answered)
                .flatMap(disclosed -> disclosed.resource(read.type(), read.id()))
                .<FederatedAnswer>map(
                    content -> new Found(content, "application/fhir+json", region.id()))
                .orElseGet(NotFound::new);
      }
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> new NotFound();
      case PeerAnswer.Document _ -> new NotFound();
    };
  }

  /** A document is disclosed when it is pointed to, and every pointer to it is. */
  private FederatedAnswer document(
      Read read, Region region, RegionDecision decision, Regions regions, Deadline deadline) {
    List<String> pointers = decision.permitted().stream().filter(POINTERS::contains).toList();
    if (pointers.isEmpty()) {
      return new NotFound();
    }
    PeerQuestion search =
        new PeerQuestion.Search(
            region,
            regions.gateway(),
            read.requester(),
            read.patient(),
            read.call().id(),
            read.call().trace(),
            pointers,
            List.of(),
            List.of());
    return switch (one(search, deadline)) {
      case PeerAnswer.Answered answered -> {
        Optional<Miss> miss = firstMiss(answered);
        Optional<Disclosure> disclosure =
            disclosure(read, region, decision, pointers, answered)
                .filter(disclosed -> disclosed.permitsDocument(read.id()));
        yield disclosure.isPresent()
            ? content(read, region, regions, disclosure.get(), deadline)
            : miss.<FederatedAnswer>map(RecordReader::missed).orElseGet(NotFound::new);
      }
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> new NotFound();
      case PeerAnswer.Document _ -> new NotFound();
    };
  }

  private FederatedAnswer content(
      Read read, Region region, Regions regions, Disclosure disclosure, Deadline deadline) {
    PeerQuestion question =
        new PeerQuestion.Document(
            region,
            regions.gateway(),
            read.requester(),
            read.patient(),
            read.call().id(),
            read.call().trace(),
            read.id());
    return switch (one(question, deadline)) {
      case PeerAnswer.Document document ->
          disclosure
              .document(document)
              .<FederatedAnswer>map(
                  content -> new Found(content, document.contentType(), region.id()))
              .orElseGet(NotFound::new);
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> new NotFound();
      case PeerAnswer.Answered _ -> new NotFound();
    };
  }

  private PeerAnswer one(PeerQuestion question, Deadline deadline) {
    return fanout.ask(List.of(question), deadline).getFirst().answer();
  }

  private Optional<Disclosure> disclosure(
      Read read,
      Region region,
      RegionDecision decision,
      List<String> asked,
      PeerAnswer.Answered answered) {
    return Disclosure.of(read.patient(), region, gateway, asked, decision.permitted(), answered);
  }

  private static Optional<Miss> firstMiss(PeerAnswer.Answered answered) {
    return answered.types().values().stream()
        .filter(PeerAnswer.TypeAnswer.Unread.class::isInstance)
        .map(type -> ((PeerAnswer.TypeAnswer.Unread) type).miss())
        .findFirst();
  }

  private static Unanswered missed(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ ->
          failure(
              Failure.TIMED_OUT,
              Issue.Code.TIMEOUT,
              "the region did not answer in time; ask again");
      case Miss.Throttled(var retryAfter) ->
          new Unanswered(
              Failure.THROTTLED,
              List.of(
                  Issue.error(
                      Issue.Code.THROTTLED, "the region's quota is spent; ask again later")),
              Optional.empty(),
              retryAfter);
      case Miss.Unreachable _, Miss.Failing _, Miss.Refused _ ->
          failure(Failure.FAILED, Issue.Code.TRANSIENT, "the region could not be read; ask again");
    };
  }

  private static Unanswered failure(Failure failure, Issue.Code code, String text) {
    return new Unanswered(
        failure, List.of(Issue.error(code, text)), Optional.empty(), Optional.empty());
  }

  private static AuditRecord.Query audited(Read read, Regions regions) {
    return new AuditRecord.Query(
        read.call().id(),
        read.call().client(),
        read.requester(),
        read.patient(),
        AuditRecord.Interaction.READ,
        read.reference(),
        List.of(read.type()),
        regions.hash());
  }

  private AuditRecord.Outcome outcome(
      Read read, AuditRecord.Query audited, FederatedAnswer answer) {
    return switch (answer) {
      case Found _ -> outcome(read, audited, 200, Status.ANSWERED, List.of(read.reference()));
      case NotFound _ -> outcome(read, audited, 404, Status.EMPTY, List.of());
      case Unanswered(Failure failure, _, _, _) ->
          outcome(
              read,
              audited,
              failure.status(),
              failure == Failure.TIMED_OUT ? Status.TIMED_OUT : Status.FAILING,
              List.of());
      case FederatedAnswer.View _ -> throw new IllegalStateException("a read is no search");
    };
  }

  private AuditRecord.Outcome outcome(
      Read read, AuditRecord.Query audited, int http, Status status, List<String> released) {
    return new AuditRecord.Outcome(
        clock.instant(), audited, http, Map.of(read.region(), status.code()), released);
  }
}
