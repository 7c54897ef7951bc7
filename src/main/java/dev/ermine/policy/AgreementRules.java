package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data sharing agreements and denials of one version of {@code regions.yaml}, as rules: an
 * agreement whose every term is met permits, nothing else does, and a denial overrides it.
 *
 * <p>The terms, in the order in which the first unmet one is named: {@code #purpose}, {@code
 * #organisation}, {@code #role}, {@code #relationship}, {@code #break-glass}, {@code #step-up},
 * {@code #own-record}, {@code #expired}, {@code #not-yet}, {@code #national-data-opt-out}, {@code
 * #type}, {@code #release-ready}. No agreement can waive two of them: a use beyond individual care
 * waits for a register of who has opted out of it, and patients are shown no type that is not
 * marked as ready for them. Agreements compare purposes exactly, without the hierarchy of their
 * code system: who may ask for {@code TREAT} may not for that reason break the glass. Denials mean
 * what stands beneath theirs as well. A type outside the scope of the asker's token is denied by
 * {@code scope}, before any of them.
 *
 * <p>What holds between two regions whoever asks is found once, when the one first asks: a query
 * looks at what differs between askers alone.
 *
 * @see <a href="https://terminology.hl7.org/CodeSystem-v3-ActReason.html">v3 ActReason</a>
 */
public final class AgreementRules {

  /** The code system of the roles that agreements name. */
  public static final String ROLES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName";

  /** How the id of a rule ends that denies for want of step-up authentication. */
  public static final String STEP_UP = AgreementTerms.Term.STEP_UP.mark();

  private final Regions regions;
  private final LabelRules labels;
  private final Map<Between, List<AgreementTerms>> agreements = new HashMap<>();
  private final Map<RegionId, Map<RegionId, PairRules>> compiled = new ConcurrentHashMap<>();

  public AgreementRules(Regions regions) {
    this.regions = regions;
    this.labels = new LabelRules(regions.labelling());
    for (Agreement agreement : regions.agreements()) {
      AgreementTerms terms = new AgreementTerms(agreement);
      for (RegionId asking : agreement.to()) {
        agreements
            .computeIfAbsent(new Between(agreement.releases(), asking), _ -> new ArrayList<>())
            .add(terms);
      }
    }
  }

  /** The rules of a version, made anew only when another version is asked for than last. */
  @SuppressWarnings("ReferenceEquality") // which version it is, not what it says
  public static Function<Regions, AgreementRules> ofLatest() {
    AtomicReference<@Nullable AgreementRules> last = new AtomicReference<>();
    return version -> {
      AgreementRules rules = last.get();
      if (rules == null || rules.regions != version) {
        rules = new AgreementRules(version);
        last.set(rules);
      }
      return rules;
    };
  }

  /** The version whose rules they are. */
  public Regions regions() {
    return regions;
  }

  /** The rules that its labels are derived by. */
  public LabelRules labels() {
    return labels;
  }

  /**
   * How the rules stand to that requester at that moment, region by region.
   *
   * @param optOutsKnown whether a register of {@link OptOuts} is in force
   */
  public Function<Region, Standing> standing(
      Requester requester, Instant at, boolean optOutsKnown) {
    Asker asker = Asker.of(requester, at, optOutsKnown);
    Map<RegionId, PairRules> known = of(asker.region());
    return releasing ->
        Narrowed.to(requester.scope(), pair(known, asker.region(), releasing).standing(asker));
  }

  /**
   * What is said of a region to who could see more of it by breaking the glass: a sentence that
   * rests on agreements and the requester alone, and so is the same whoever the patient is. It is
   * said to those who ask for care, whom an agreement would let break it if they said why and
   * proved again who they are.
   */
  public Optional<String> breakGlassOffer(Requester requester, Region releasing, Instant at) {
    if (requester.breaksGlass()
        || !requester.purposes().stream().allMatch(AgreementRules::isCare)) {
      return Optional.empty();
    }
    Asker asker = Asker.of(requester, at, false);
    PairRules pair = pair(of(asker.region()), asker.region(), releasing);
    Standing broken = Narrowed.to(requester.scope(), pair.standing(asker.breakingGlass()));
    String agreements =
        broken.permitted().stream()
            .flatMap(type -> broken.decide(type).rules().stream())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return agreements.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "More may be seen by breaking the glass, under "
                + agreements
                + ", if care cannot wait.");
  }

  private static boolean isCare(PurposeOfUse purpose) {
    return Use.of(purpose) == Use.INDIVIDUAL_CARE;
  }

  /** May it be shared at this moment, where no register of opt-outs is in force? */
  public Decision decide(Question question, Instant at) {
    return standing(question.requester(), at, false)
        .apply(question.releasing())
        .decide(question.type());
  }

  /** What every region of this version releases to that one; no stranger adds to what is kept. */
  private Map<RegionId, PairRules> of(RegionId asking) {
    Map<RegionId, PairRules> known = compiled.get(asking);
    if (known != null) {
      return known;
    }
    return regions.region(asking).isPresent()
        ? compiled.computeIfAbsent(asking, this::compile)
        : Map.of();
  }

  private Map<RegionId, PairRules> compile(RegionId asking) {
    Map<RegionId, PairRules> pairs = new HashMap<>();
    regions.regions().forEach(releasing -> pairs.put(releasing.id(), pair(asking, releasing)));
    return pairs;
  }

  @SuppressWarnings("ReferenceEquality") // the region as this version has it, or another
  private PairRules pair(Map<RegionId, PairRules> known, RegionId asking, Region releasing) {
    PairRules pair = known.get(releasing.id());
    return pair != null && pair.releasing() == releasing ? pair : pair(asking, releasing);
  }

  private PairRules pair(RegionId asking, Region releasing) {
    return PairRules.of(
        releasing,
        asking,
        agreements.getOrDefault(new Between(releasing.id(), asking), List.of()),
        regions.denials());
  }

  /** Who releases, and who asks. */
  private record Between(RegionId releasing, RegionId asking) {}
}
