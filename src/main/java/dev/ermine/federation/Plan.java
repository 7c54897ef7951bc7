package dev.ermine.federation;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.merge.Contribution;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.Standing;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Who is asked what in one query, and who is not and why: one step for every region that could be
 * asked, in the order of {@code regions.yaml}.
 */
record Plan(List<Step> steps) {

  private static final String LEFT_BEHIND =
      "It could not be heard when these pages began, and is left out of them: follow the link to late"
          + " arrivals.";

  /** A prescription is told with the medicine that it refers to. */
  private static final List<Inclusion> MEDICINES =
      List.of(
          Inclusion.of("MedicationRequest", "medication"),
          Inclusion.of("MedicationStatement", "medication"));

  /** What a List and a Composition list: they cannot be judged without it. */
  static final List<Inclusion> ITEMS =
      List.of(Inclusion.of("List", "item"), Inclusion.of("Composition", "entry"));

  Plan {
    steps = List.copyOf(steps);
  }

  /** One region's part in the query. */
  sealed interface Step {
    Region region();

    /**
     * It is asked for the types that the decision permits.
     *
     * @param offer that the glass may be broken, where it may
     * @param missed how it was missing on an earlier page: then it is not asked again
     */
    record Ask(
        Region region,
        RegionDecision decision,
        Standing standing,
        Optional<String> offer,
        Optional<Miss> missed)
        implements Step {

      /** Every type that an agreement lets the asker have of it. */
      Set<String> disclosable() {
        return standing.permitted();
      }

      /** The decision on all of these. */
      RegionDecision onAll() {
        return standing.decide(List.copyOf(disclosable()));
      }

      /**
       * The decision on what is not asked for: types of the query that an agreement does not cover,
       * and those that would have come with what is asked for.
       */
      private Optional<RegionDecision> denied(FhirQuery query) {
        Set<String> denied = new LinkedHashSet<>(decision.denied());
        query.results().inclusions().stream()
            .filter(inclusion -> decision.permitted().stream().anyMatch(inclusion::belongsTo))
            .filter(inclusion -> !inclusion.mayBring(disclosable()))
            .forEach(inclusion -> denied.addAll(inclusion.brings()));
        return denied.isEmpty()
            ? Optional.empty()
            : Optional.of(standing.decide(List.copyOf(denied)));
      }
    }

    /** It is not asked. */
    record Leave(Region region, RegionDecision decision, Why why) implements Step {}
  }

  /** Why a region is not asked. */
  enum Why {
    NOT_AGREED,
    CAME_THROUGH,
    LEFT_OUT,
    SUSPENDED
  }

  /**
   * The plan that the rules allow at that moment.
   *
   * @param optOutsKnown whether it is known who has opted out of uses beyond their care
   */
  static Plan of(
      AgreementRules rules,
      Requester requester,
      List<String> types,
      Wishes wishes,
      Instant at,
      boolean optOutsKnown) {
    Function<Region, Standing> standing = rules.standing(requester, at, optOutsKnown);
    List<Step> steps = new ArrayList<>();
    for (Region region : rules.regions().peersOf(requester.region())) {
      steps.add(
          step(
              requester,
              standing.apply(region),
              types,
              wishes,
              rules.breakGlassOffer(requester, region, at)));
    }
    return new Plan(steps);
  }

  /**
   * One region's part, be it asked or not.
   *
   * @param offer that the glass may be broken, where it may
   */
  static Step step(
      Requester requester,
      Standing standing,
      List<String> types,
      Wishes wishes,
      Optional<String> offer) {
    Region region = standing.releasing();
    RegionDecision decision = standing.decide(types);
    if (!decision.permitsSome()) {
      return new Step.Leave(region, decision, Why.NOT_AGREED);
    }
    if (requester.cameThrough(region)) {
      return new Step.Leave(region, decision, Why.CAME_THROUGH);
    }
    if (wishes.regions().filter(named -> !named.contains(region.id().value())).isPresent()) {
      return new Step.Leave(region, decision, Why.LEFT_OUT);
    }
    if (!region.active()) {
      return new Step.Leave(region, decision, Why.SUSPENDED);
    }
    return new Step.Ask(region, decision, standing, offer, Optional.empty());
  }

  List<Step.Ask> asks() {
    return steps.stream().filter(Step.Ask.class::isInstance).map(Step.Ask.class::cast).toList();
  }

  List<Step.Leave> leaves() {
    return steps.stream().filter(Step.Leave.class::isInstance).map(Step.Leave.class::cast).toList();
  }

  boolean asksNobody() {
    return asks().isEmpty();
  }

  /** The same for a page of a sequence: what could not be heard on an earlier one is left out. */
  Plan after(Progress progress) {
    return new Plan(
        steps.stream()
            .map(step -> step instanceof Step.Ask ask ? after(progress, ask) : step)
            .toList());
  }

  private static Step after(Progress progress, Step.Ask ask) {
    return new Step.Ask(
        ask.region(),
        ask.decision(),
        ask.standing(),
        ask.offer(),
        progress.missed(ask.region().id()));
  }

  private Stream<Step.Ask> open() {
    return asks().stream().filter(ask -> ask.missed().isEmpty());
  }

  /** Whether a region would be asked if the user had proven themselves lately, and well enough. */
  boolean lacksStepUp() {
    return leaves().stream()
        .flatMap(leave -> leave.decision().rules().stream())
        .anyMatch(rule -> rule.endsWith(AgreementRules.STEP_UP));
  }

  /** How many regions an agreement lets this asker ask here. */
  int agreed() {
    return (int) steps.stream().filter(Plan::isAgreed).count();
  }

  private static boolean isAgreed(Step step) {
    return switch (step) {
      case Step.Ask _ -> true;
      case Step.Leave leave ->
          switch (leave.why()) {
            case NOT_AGREED, CAME_THROUGH -> false;
            case LEFT_OUT, SUSPENDED -> true;
          };
    };
  }

  /** The rules that let each region be asked. */
  Map<RegionId, List<String>> askedRules() {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    open().forEach(ask -> rules.put(ask.region().id(), ask.decision().rules()));
    return rules;
  }

  /** The rules that keep each other region from being asked. */
  Map<RegionId, List<String>> leftRules() {
    Map<RegionId, List<String>> rules = new LinkedHashMap<>();
    leaves().forEach(leave -> rules.put(leave.region().id(), leftRules(leave)));
    asks().stream()
        .filter(ask -> ask.missed().isPresent())
        .forEach(ask -> rules.put(ask.region().id(), List.of(Rehearsal.MISSING_BEFORE)));
    return rules;
  }

  private static List<String> leftRules(Step.Leave leave) {
    return switch (leave.why()) {
      case NOT_AGREED -> leave.decision().rules();
      case CAME_THROUGH -> List.of(Rehearsal.CAME_THROUGH);
      case LEFT_OUT -> List.of(Rehearsal.LEFT_OUT);
      case SUSPENDED -> List.of("suspended");
    };
  }

  /** What is asked of each region. */
  List<PeerQuestion> searches(Regions regions, Call call, FhirQuery query, Discretion discretion) {
    return open()
        .<PeerQuestion>map(
            ask ->
                new PeerQuestion.Search(
                    ask.region(),
                    regions.gateway(),
                    call,
                    query.patient(),
                    ask.decision().permitted(),
                    query.filters(),
                    results(ask, query.results()),
                    discretion.consulting(discretion.release(ask.onAll()))))
        .toList();
  }

  /** The gateway puts everything in order itself; where a region does, its limits cut off less. */
  private static ResultParameters results(Step.Ask ask, ResultParameters asked) {
    boolean sorts = ask.region().answers().filter(Region.Answers::sort).isPresent();
    Set<String> disclosable = ask.disclosable();
    return ResultParameters.of(
        sorts ? asked.sort() : List.of(),
        Stream.of(MEDICINES, ITEMS, asked.inclusions())
            .flatMap(List::stream)
            .distinct()
            .filter(inclusion -> inclusion.mayBring(disclosable))
            .toList());
  }

  /**
   * Every region's contribution, in order.
   *
   * @param now the snapshot at this moment: what a region said before trust in it ended is not used
   */
  List<Contribution> contributions(FhirQuery query, Discretion.Heard heard, Regions now) {
    return steps.stream().map(step -> contribution(step, query, heard, now)).toList();
  }

  private static Contribution contribution(
      Step step, FhirQuery query, Discretion.Heard heard, Regions now) {
    return switch (step) {
      case Step.Leave leave ->
          switch (leave.why()) {
            case NOT_AGREED -> new Contribution.NotAgreed(leave.region(), leave.decision().rules());
            case CAME_THROUGH -> new Contribution.CameThrough(leave.region());
            case LEFT_OUT -> new Contribution.LeftOut(leave.region());
            case SUSPENDED -> new Contribution.Suspended(leave.region());
          };
      case Step.Ask ask ->
          now.region(ask.region().id()).filter(Region::mayAnswer).isPresent()
              ? asked(ask, query, heard.ruled(ask.onAll(), now))
              : new Contribution.Suspended(now.region(ask.region().id()).orElse(ask.region()));
    };
  }

  private static Contribution asked(Step.Ask ask, FhirQuery query, Discretion.Ruled ruled) {
    Optional<RegionDecision> denied = ask.denied(query);
    return new Contribution.Asked(
        ask.region(),
        ask.decision().permitted(),
        ask.disclosable(),
        denied.map(RegionDecision::denied).orElse(List.of()),
        denied.map(RegionDecision::rules).orElse(List.of()),
        ask.decision().rules(),
        ask.missed().<PeerAnswer>map(PeerAnswer.Missed::new).orElseGet(ruled::answer),
        ruled.policy(),
        ask.missed().isPresent() ? joined(ruled.notices(), LEFT_BEHIND) : ruled.notices(),
        ask.offer(),
        ruled.origins());
  }

  private static List<String> joined(List<String> notices, String last) {
    return Stream.concat(notices.stream(), Stream.of(last)).toList();
  }
}
