package dev.ermine.federation;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.Disclosure;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.Standing;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads of one region's resource or document. Not there, another patient's and withheld are the
 * same {@link NotFound}.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#read">FHIR R4: read</a>
 */
final class RecordReader {

  /** The types whose entries point to documents. */
  private static final List<String> POINTERS = List.of("DocumentReference", "DiagnosticReport");

  /** The types whose entries cannot be judged without what they list: only a search includes it. */
  private static final List<String> LISTING = List.of("List", "Composition");

  private static final Unanswered CONSENT_UNKNOWN =
      Unanswered.because(
          Failure.CONSENT_UNKNOWN,
          Issue.Code.INCOMPLETE,
          "whether the patient objects could not be established; ask again");

  private final Supplier<Regions> live;
  private final Supplier<OptOuts> optOuts;
  private final Function<Regions, AgreementRules> rules;
  private final Discretion.Rules entryRules;
  private final Fanout fanout;
  private final AuditTrail audit;
  private final String gateway;
  private final InstantSource clock;

  RecordReader(
      Supplier<Regions> live,
      Supplier<OptOuts> optOuts,
      Function<Regions, AgreementRules> rules,
      Discretion.Rules entryRules,
      Fanout fanout,
      AuditTrail audit,
      String gateway,
      InstantSource clock) {
    this.live = live;
    this.optOuts = optOuts;
    this.rules = rules;
    this.entryRules = entryRules;
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
      return Unanswered.because(
          Failure.NO_AGREEMENT, Issue.Code.FORBIDDEN, "no data sharing agreement covers this read");
    }
    if (!region.get().active()) {
      return Unanswered.because(
          Failure.SUSPENDED, Issue.Code.TRANSIENT, "trust in the region is suspended");
    }
    AuditRecord.Query audited = audited(read, regions);
    Map<RegionId, List<String>> asked = Map.of(read.region(), decision.rules(read.type()));
    Discretion discretion = discretion(read, regions);
    boolean identified = discretion.demographics().isPresent();
    audit.intend(new AuditRecord.Intent(clock.instant(), audited, asked, Map.of(), identified));
    if (read.requester().breaksGlass()) {
      audit.override(new AuditRecord.GlassBroken(clock.instant(), audited, asked));
    }
    FederatedAnswer answer = ask(read, region.get(), decision, regions, discretion);
    audit.record(outcome(read, audited, answer));
    return stands(read, region.get(), answer) ? answer : LastLook.CHANGED;
  }

  private boolean stands(Read read, Region region, FederatedAnswer answer) {
    Regions now = live.get();
    return LastLook.stands(read.requester(), region, now, clock.instant())
        && (!(answer instanceof Found found) || LastLook.originsStand(found.origins(), now));
  }

  /** Everything that may be had of the region, for a document's pointers are of other types. */
  private RegionDecision decide(Read read, Region region, Regions regions) {
    LinkedHashSet<String> types = new LinkedHashSet<>(region.answers().orElseThrow().types());
    types.add(read.type());
    Instant at = clock.instant();
    return rules
        .apply(regions)
        .standing(read.requester(), at, optOuts.get().inForce(at))
        .apply(region)
        .decide(List.copyOf(types));
  }

  private Discretion discretion(Read read, Regions regions) {
    return new Discretion(
        entryRules,
        gateway,
        rules.apply(regions),
        optOuts.get(),
        read.call(),
        read.patient(),
        clock.instant());
  }

  private FederatedAnswer ask(
      Read read, Region region, RegionDecision decision, Regions regions, Discretion discretion) {
    Deadline deadline = Verdict.deadline(regions, Wishes.NONE);
    Round round = new Round(read, region, decision, regions, discretion, deadline);
    return read.type().equals("Binary") ? document(round) : resource(round);
  }

  /** All that one read is answered with. */
  private record Round(
      Read read,
      Region region,
      RegionDecision decision,
      Regions regions,
      Discretion discretion,
      Deadline deadline) {

    Consulting consulting() {
      return discretion.consulting(discretion.release(decision));
    }

    PeerQuestion.Search search(List<String> types, List<Parameter> filters) {
      return new PeerQuestion.Search(
          region,
          regions.gateway(),
          read.call(),
          read.patient(),
          types,
          filters,
          ResultParameters.of(List.of(), Plan.ITEMS),
          consulting());
    }

    PeerQuestion.Read question() {
      return new PeerQuestion.Read(
          region,
          regions.gateway(),
          read.call(),
          read.patient(),
          read.type(),
          read.id(),
          consulting());
    }
  }

  private FederatedAnswer resource(Round round) {
    Read read = round.read;
    PeerQuestion question =
        LISTING.contains(read.type())
            ? round.search(List.of(read.type()), List.of(new Parameter("_id", read.id())))
            : round.question();
    return disclosed(
        round,
        question,
        List.of(read.type()),
        (disclosure, answered) ->
            firstMiss(answered)
                .<FederatedAnswer>map(RecordReader::missed)
                .orElseGet(
                    () ->
                        disclosure
                            .resource(read.type(), read.id())
                            .<FederatedAnswer>map(
                                content ->
                                    new Found(
                                        content, "application/fhir+json", read.region(), Set.of()))
                            .orElseGet(NotFound::new)));
  }

  /** A document is disclosed when it is pointed to, and every pointer to it is. */
  private FederatedAnswer document(Round round) {
    List<String> pointers = round.decision.permitted().stream().filter(POINTERS::contains).toList();
    if (pointers.isEmpty()) {
      return new NotFound();
    }
    return disclosed(
        round,
        round.search(pointers, List.of()),
        pointers,
        (disclosure, answered) ->
            notAllRead(answered)
                .<FederatedAnswer>map(RecordReader::missed)
                .orElseGet(
                    () ->
                        disclosure.permitsDocument(round.read.id())
                            ? content(round, disclosure)
                            : new NotFound()));
  }

  /** What is there for the patient that is surely this one, once it is known what they decided. */
  private FederatedAnswer disclosed(
      Round round,
      PeerQuestion question,
      List<String> types,
      BiFunction<Disclosure, PeerAnswer.Answered, FederatedAnswer> found) {
    Fanout.Answers said = fanout.ask(List.of(question), round.discretion.beside(), round.deadline);
    Discretion.Heard heard = heard(round, said);
    Discretion.Ruled ruled = heard.ruled(round.decision, live.get());
    return switch (ruled.answer()) {
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.Answered answered ->
          Disclosure.of(
                  heard.sought(),
                  round.region,
                  gateway,
                  types,
                  round.decision.permitted(),
                  answered,
                  ruled.policy())
              .map(
                  disclosure ->
                      ruled.policy().undecided()
                          ? CONSENT_UNKNOWN
                          : originating(found.apply(disclosure, answered), ruled))
              .orElseGet(NotFound::new);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _, PeerAnswer.Document _ ->
          ruled.policy().undecided() ? CONSENT_UNKNOWN : new NotFound();
    };
  }

  /**
   * All that has to be heard. Of an origin that keeps Consents a search has mostly heard already; a
   * read asks one region, so it asks the others of the patient's decision once it knows of them.
   * Where they cannot be heard, what they control is as if it were not there, as in a search: to
   * refuse the read would tell that it is.
   */
  private Discretion.Heard heard(Round round, Fanout.Answers said) {
    Discretion.Heard heard = round.discretion.heard(said);
    Regions now = live.get();
    List<PeerQuestion> further = heard.further(heard.ruled(round.decision, now).origins(), now);
    if (further.isEmpty()) {
      return heard;
    }
    audit.intend(
        new AuditRecord.Intent(
            clock.instant(),
            audited(round.read, round.regions),
            rules(round, further),
            Map.of(),
            false));
    List<Fanout.Timed> all = new ArrayList<>(said.regions());
    fanout.ask(further, round.deadline).forEach(timed -> all.add(timed.ofDecisions()));
    return round.discretion.heard(new Fanout.Answers(all, said.asker(), said.demographics()));
  }

  /** The rules by which each of them may be asked. */
  private static Map<RegionId, List<String>> rules(Round round, List<PeerQuestion> further) {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    for (PeerQuestion question : further) {
      Standing standing = round.discretion.standing(question.region());
      rules.put(question.region().id(), standing.decide(List.copyOf(standing.permitted())).rules());
    }
    return rules;
  }

  /** A document comes from wherever one of its pointers does. */
  private static FederatedAnswer originating(FederatedAnswer answer, Discretion.Ruled ruled) {
    return answer instanceof Found(Gather content, String type, RegionId from, _)
        ? new Found(
            content,
            type,
            from,
            ruled.origins().claimed().stream().map(Region::id).collect(Collectors.toSet()))
        : answer;
  }

  private FederatedAnswer content(Round round, Disclosure disclosure) {
    Read read = round.read;
    PeerQuestion question =
        new PeerQuestion.Document(
            round.region, round.regions.gateway(), read.call(), read.patient(), read.id());
    return switch (fanout.ask(List.of(question), round.deadline).getFirst().answer()) {
      case PeerAnswer.Document document ->
          disclosure
              .document(document)
              .<FederatedAnswer>map(
                  content -> new Found(content, document.contentType(), read.region(), Set.of()))
              .orElseGet(NotFound::new);
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> new NotFound();
      case PeerAnswer.Answered _ -> new NotFound();
    };
  }

  private static Optional<Miss> firstMiss(PeerAnswer.Answered answered) {
    return answered.types().values().stream()
        .filter(PeerAnswer.TypeAnswer.Unread.class::isInstance)
        .map(type -> ((PeerAnswer.TypeAnswer.Unread) type).miss())
        .findFirst();
  }

  /** A pointer that was not read may be one that is withheld. */
  private static Optional<Miss> notAllRead(PeerAnswer.Answered answered) {
    boolean cut =
        answered.types().values().stream()
            .filter(PeerAnswer.TypeAnswer.Read.class::isInstance)
            .flatMap(type -> ((PeerAnswer.TypeAnswer.Read) type).gaps().stream())
            .anyMatch(gap -> gap.kind() != PeerAnswer.Gap.Kind.PEER_WARNING);
    return firstMiss(answered)
        .or(() -> cut ? Optional.of(new Miss.Failing("not read whole")) : Optional.empty());
  }

  private static Unanswered missed(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ ->
          Unanswered.because(
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
          Unanswered.because(
              Failure.FAILED, Issue.Code.TRANSIENT, "the region could not be read; ask again");
    };
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
      case Found found ->
          new AuditRecord.Outcome(
              clock.instant(),
              audited,
              200,
              Map.of(read.region(), Status.ANSWERED.code()),
              List.of(read.reference()),
              found.origins());
      case NotFound _ -> outcome(read, audited, 404, Status.EMPTY);
      case Unanswered(Failure failure, _, _, _) ->
          outcome(read, audited, failure.status(), status(failure));
      case FederatedAnswer.View _ -> throw new IllegalStateException("a read is no search");
    };
  }

  private static Status status(Failure failure) {
    return switch (failure) {
      case TIMED_OUT -> Status.TIMED_OUT;
      case CONSENT_UNKNOWN -> Status.CONSENT_UNKNOWN;
      default -> Status.FAILING;
    };
  }

  private AuditRecord.Outcome outcome(
      Read read, AuditRecord.Query audited, int http, Status status) {
    return new AuditRecord.Outcome(
        clock.instant(), audited, http, Map.of(read.region(), status.code()), List.of());
  }
}
