package dev.ermine.federation;

import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.Decision;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.RuleWords;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One version of {@code regions.yaml} as queries would meet it: decided by the {@link Plan} of a
 * query, while nobody is asked and no patient is needed.
 */
public final class Rehearsal {

  private static final String SUSPENDED = "suspended";
  static final String LEFT_OUT = "left-out-by-asker";
  static final String MISSING_BEFORE = "missing-on-an-earlier-page";
  static final String CAME_THROUGH = "came-through";
  private static final String RETIRED = "retired";
  private static final String ITSELF = "itself";
  private static final String ASKS = "#asks";
  private static final String FORWARDS = "#forwards";
  private static final String ANSWERS = "#answers";

  private final Regions regions;
  private final AgreementRules rules;
  private final RuleWords words;
  private final boolean optOutsKnown;

  /** What the version comes to where a register of opt-outs is in force. */
  public Rehearsal(Regions regions) {
    this(regions, true);
  }

  /**
   * What the version comes to.
   *
   * @param optOutsKnown whether it is known who has opted out of uses beyond their care
   */
  public Rehearsal(Regions regions, boolean optOutsKnown) {
    this.regions = regions;
    this.optOutsKnown = optOutsKnown;
    this.rules = new AgreementRules(regions);
    this.words = new RuleWords(regions);
  }

  /**
   * A prospect for each region and type, in the file's order.
   *
   * @param wanted which regions are looked at
   * @param types which types; none: all that each region has
   */
  public List<Prospect> explain(
      Enquirer enquirer, Predicate<Region> wanted, List<String> types, Instant at) {
    List<Prospect> prospects = new ArrayList<>();
    for (Region region : regions.regions()) {
      if (wanted.test(region)) {
        prospects.addAll(
            explain(enquirer.requester(), region, types.isEmpty() ? typesOf(region) : types, at));
      }
    }
    return prospects;
  }

  private static List<String> typesOf(Region region) {
    return region.answers().map(answers -> List.copyOf(answers.types())).orElse(List.of("*"));
  }

  private List<Prospect> explain(
      Requester requester, Region region, List<String> types, Instant at) {
    Optional<String> barred = barred(requester, region);
    if (barred.isPresent()) {
      List<String> rule = List.of(barred.get());
      return types.stream().map(type -> new Prospect(region.id(), type, false, rule)).toList();
    }
    return switch (step(requester, region, types, at)) {
      case Plan.Step.Ask ask -> prospects(ask.decision());
      case Plan.Step.Leave leave ->
          switch (leave.why()) {
            case NOT_AGREED -> prospects(leave.decision());
            case SUSPENDED ->
                prospects(leave.decision()).stream().map(Rehearsal::suspended).toList();
            case CAME_THROUGH ->
                prospects(leave.decision()).stream().map(Rehearsal::cameThrough).toList();
            case LEFT_OUT -> throw new IllegalStateException("nobody wished it left out");
          };
    };
  }

  private Plan.Step step(Requester requester, Region region, List<String> types, Instant at) {
    return Plan.step(
        requester,
        rules.standing(requester, at, optOutsKnown).apply(region),
        types,
        Wishes.NONE,
        Optional.empty());
  }

  private static List<Prospect> prospects(RegionDecision decision) {
    List<Prospect> prospects = new ArrayList<>();
    for (int i = 0; i < decision.types().size(); i++) {
      Decision each = decision.decisions().get(i);
      boolean permitted = each instanceof Decision.Permit;
      RegionId region = decision.region().id();
      prospects.add(new Prospect(region, decision.types().get(i), permitted, each.rules()));
    }
    return prospects;
  }

  private static Prospect suspended(Prospect prospect) {
    return barred(prospect, SUSPENDED);
  }

  private static Prospect cameThrough(Prospect prospect) {
    return barred(prospect, CAME_THROUGH);
  }

  private static Prospect barred(Prospect prospect, String by) {
    return prospect.permitted()
        ? new Prospect(prospect.region(), prospect.type(), false, List.of(by))
        : prospect;
  }

  /** Why no query of that asker has a step for the region. */
  private Optional<String> barred(Requester requester, Region region) {
    RegionId asking = requester.region();
    if (!mayAsk(asking)) {
      return Optional.of(asking + whyNotAsking(asking));
    } else if (!requester.mayAsk(regions)) {
      return Optional.of(requester.sender() + FORWARDS);
    } else if (regions.peersOf(asking).contains(region)) {
      return Optional.empty();
    } else if (region.id().equals(asking)) {
      return Optional.of(ITSELF);
    }
    return Optional.of(region.answers().isEmpty() ? region.id() + ANSWERS : RETIRED);
  }

  private boolean mayAsk(RegionId asking) {
    return regions.region(asking).filter(Region::mayAsk).isPresent();
  }

  private String whyNotAsking(RegionId asking) {
    return regions
        .region(asking)
        .filter(region -> !region.active())
        .map(region -> "#" + region.status().name().toLowerCase(Locale.ROOT))
        .orElse(ASKS);
  }

  /** Whether queries of the one have a step for the other. */
  boolean reaches(RegionId asking, RegionId releasing) {
    return mayAsk(asking)
        && regions.peersOf(asking).stream().anyMatch(peer -> peer.id().equals(releasing));
  }

  /** The types that may be asked of the region where an agreement covers them. */
  Set<String> offers(RegionId releasing) {
    return regions
        .region(releasing)
        .filter(Region::active)
        .flatMap(Region::answers)
        .map(Region.Answers::types)
        .orElse(Set.of());
  }

  /** The types that a query would ask for, each with the rules that permit it. */
  Map<String, List<String>> permits(
      Requester requester, RegionId releasing, List<String> types, Instant at) {
    Region region = regions.region(releasing).orElseThrow();
    Map<String, List<String>> permits = new LinkedHashMap<>();
    if (step(requester, region, types, at) instanceof Plan.Step.Ask ask) {
      ask.decision().permitted().forEach(type -> permits.put(type, ask.decision().rules(type)));
    }
    return permits;
  }

  /** Whether a rule says something of the question alone, whatever any version has. */
  static boolean isOfQuestion(String rule) {
    return rule.equals(LEFT_OUT) || rule.equals(CAME_THROUGH);
  }

  /** What a rule of a past query says, if this version still has it. */
  String pastWords(String rule) {
    return switch (rule) {
      case SUSPENDED -> "trust in the region was suspended";
      case CAME_THROUGH -> "the question had come through the region";
      case LEFT_OUT -> "the asker had left the region out";
      case MISSING_BEFORE -> "the region could not be heard when these pages began";
      default ->
          words.knows(rule)
              ? words.of(rule)
              : "the version in force now has no such rule; look at the one that was in force";
    };
  }

  /** What a rule of a prospect says. */
  public String words(String rule) {
    return switch (rule) {
      case SUSPENDED -> "trust in the region is suspended; an agreement would permit it";
      case CAME_THROUGH -> "the question came through the region; an agreement would permit it";
      case RETIRED -> "the region is retired";
      case ITSELF -> "a region is not asked for its own records";
      default ->
          rule.matches(".*#(asks|forwards|suspended|retired)") ? asker(rule) : words.of(rule);
    };
  }

  private static String asker(String rule) {
    int mark = rule.indexOf('#');
    String region = "region `" + rule.substring(0, mark) + "`";
    if (rule.endsWith(FORWARDS)) {
      return region + " may not hand on this asker's questions; its `asks.forwards` says whose";
    }
    return rule.endsWith(ASKS)
        ? region + " has no `asks`, so it can prove nothing"
        : region + " is " + rule.substring(mark + 1) + ", so its credentials are refused";
  }

  Regions regions() {
    return regions;
  }
}
