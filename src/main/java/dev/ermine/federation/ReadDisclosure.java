package dev.ermine.federation;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.FoundDocument;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.Disclosure;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.policy.Standing;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a read may disclose of one region's answer, by what the patient decided. */
final class ReadDisclosure {

  private static final Unanswered CONSENT_UNKNOWN =
      Unanswered.because(
          Failure.CONSENT_UNKNOWN,
          Issue.Code.INCOMPLETE,
          "whether the patient objects could not be established; ask again");

  private final Supplier<Regions> live;
  private final Fanout fanout;
  private final AuditTrail audit;
  private final String gateway;
  private final InstantSource clock;

  ReadDisclosure(
      Supplier<Regions> live,
      Fanout fanout,
      AuditTrail audit,
      String gateway,
      InstantSource clock) {
    this.live = live;
    this.fanout = fanout;
    this.audit = audit;
    this.gateway = gateway;
    this.clock = clock;
  }

  /** What is there for the patient that is surely this one, once it is known what they decided. */
  FederatedAnswer disclosed(
      Round round,
      PeerQuestion question,
      List<String> types,
      BiFunction<Disclosure, PeerAnswer.Answered, FederatedAnswer> found) {
    Fanout.Answers said =
        fanout.ask(List.of(question), round.discretion().beside(), round.deadline());
    Discretion.Heard heard = heard(round, said);
    Discretion.Ruled ruled = heard.ruled(round.decision(), live.get());
    return switch (ruled.answer()) {
      case PeerAnswer.Missed(Miss miss) -> missed(miss);
      case PeerAnswer.Answered answered ->
          Disclosure.of(
                  heard.sought(),
                  round.region(),
                  gateway,
                  types,
                  round.decision().permitted(),
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
    Discretion.Heard heard = round.discretion().heard(said);
    Regions now = live.get();
    List<PeerQuestion> further = heard.further(heard.ruled(round.decision(), now).origins(), now);
    if (further.isEmpty()) {
      return heard;
    }
    audit.intend(
        new AuditRecord.Intent(
            clock.instant(),
            RecordReader.audited(round.read(), round.regions()),
            rules(round, further),
            Map.of(),
            false));
    List<Fanout.Timed> all = new ArrayList<>(said.regions());
    fanout.ask(further, round.deadline()).forEach(timed -> all.add(timed.ofDecisions()));
    return round.discretion().heard(new Fanout.Answers(all, said.asker(), said.demographics()));
  }

  /** The rules by which each of them may be asked. */
  private static Map<RegionId, List<String>> rules(Round round, List<PeerQuestion> further) {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    for (PeerQuestion question : further) {
      Standing standing = round.discretion().standing(question.region());
      rules.put(question.region().id(), standing.decide(List.copyOf(standing.permitted())).rules());
    }
    return rules;
  }

  /** It comes from wherever the entries do that it was found by. */
  private static FederatedAnswer originating(FederatedAnswer answer, Discretion.Ruled ruled) {
    Set<RegionId> origins =
        ruled.origins().claimed().stream().map(Region::id).collect(Collectors.toSet());
    return switch (answer) {
      case Found(Gather content, RegionId from, _) -> new Found(content, from, origins);
      case FoundDocument(OpenDocument document, RegionId from, _) ->
          new FoundDocument(document, from, origins);
      default -> answer;
    };
  }

  /** Why a type could not be read, if one could not. */
  static Optional<Miss> firstMiss(PeerAnswer.Answered answered) {
    return answered.types().values().stream()
        .filter(PeerAnswer.TypeAnswer.Unread.class::isInstance)
        .map(type -> ((PeerAnswer.TypeAnswer.Unread) type).miss())
        .findFirst();
  }

  /** What is told of a region that could not be read. */
  static Unanswered missed(Miss miss) {
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
      case Miss.NoRoom _ ->
          Unanswered.because(
              Failure.THROTTLED,
              Issue.Code.THROTTLED,
              "the region sent more than the gateway could hold beside others; ask again");
      case Miss.Unreachable _, Miss.Failing _, Miss.Refused _ ->
          Unanswered.because(
              Failure.FAILED, Issue.Code.TRANSIENT, "the region could not be read; ask again");
    };
  }
}
