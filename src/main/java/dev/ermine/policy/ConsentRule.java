package dev.ermine.policy;

import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Consent.Provision;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.policy.ConsentReferences.Origin;
import dev.ermine.policy.ConsentRules.Effect;
import dev.ermine.policy.ConsentRules.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one Consent says to one requester at one moment.
 *
 * <p>FHIR R4 calls the root provision both "constraints to the base policyRule" and "an exception
 * to the base policy of this consent", and its own examples are split. A root that has a type is a
 * rule above the base policy. One that has none is read both ways, and the one that discloses less
 * counts: as bounds, within which alone the base policy holds, and as an exception, which does the
 * opposite. One without a type that asks for nothing bounds nothing and excepts nothing: it holds
 * the exceptions to the base policy.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision">FHIR R4:
 *     Consent.provision</a>
 */
final class ConsentRule {

  private static final Ruling NOTHING = new Ruling(Effect.NONE, "");

  private final String name;
  private final BasePolicy base;
  private final boolean undecided;
  private final List<Reading> readings;

  /**
   * One way to read it.
   *
   * @param name of the way, where there is another
   * @param root what it says first, if it has provisions
   * @param otherwise what it says where the root says nothing
   */
  private record Reading(String name, Optional<ProvisionRule> root, Ruling otherwise) {
    Ruling of(EntryView entry) {
      @Nullable Ruling said = root.isEmpty() ? null : root.get().of(entry);
      return said == null ? otherwise : said;
    }

    Effect utmost() {
      Effect most = root.isEmpty() ? Effect.NONE : root.get().utmost();
      return switch (most) {
        case DENY, PERMIT -> most;
        case NONE -> otherwise.effect();
      };
    }

    boolean isMoot() {
      return otherwise.effect() == Effect.NONE && (root.isEmpty() || root.get().isMoot());
    }
  }

  private ConsentRule(String name, BasePolicy base, boolean undecided, List<Reading> readings) {
    this.name = name;
    this.base = base;
    this.undecided = undecided;
    this.readings = readings;
  }

  /**
   * The rule.
   *
   * @param name as rule ids call the Consent
   */
  static ConsentRule of(String name, Consent consent, Origin origin, ConsentCase situation) {
    BasePolicy base = BasePolicy.of(consent, situation.requester().purposes());
    boolean typed = consent.provision().flatMap(Provision::type).isPresent();
    boolean undecided = base.contradictory() || (base.unclear() && !typed);
    Provisions provisions = new Provisions(name, consent, origin, situation);
    return new ConsentRule(
        name, base, undecided, undecided ? List.of() : readings(name, consent, base, provisions));
  }

  private static List<Reading> readings(
      String name, Consent consent, BasePolicy base, Provisions provisions) {
    Ruling basis =
        base.type().map(type -> new Ruling(effect(type), name + "." + base.path())).orElse(NOTHING);
    if (consent.provision().isEmpty()) {
      return List.of(new Reading("", Optional.empty(), basis));
    }
    Provision root = consent.provision().get();
    if (root.type().isPresent()) {
      return List.of(new Reading("", provisions.rule(root, root.type().get()), basis));
    }
    ProvisionType type = base.type().orElseThrow();
    Optional<ProvisionRule> bounds = provisions.rule(root, type);
    if (root.isBare()) {
      return List.of(new Reading("", bounds, basis));
    }
    return List.of(
        new Reading("bounds of its base policy", bounds, NOTHING),
        new Reading(
            "an exception to its base policy", provisions.rule(root, type.opposite()), basis));
  }

  static Effect effect(ProvisionType type) {
    return type == ProvisionType.DENY ? Effect.DENY : Effect.PERMIT;
  }

  /** Whether it cannot be told what it says. */
  boolean undecided() {
    return undecided;
  }

  /** Whether it says nothing of any entry. */
  boolean isMoot() {
    return readings.stream().allMatch(Reading::isMoot);
  }

  /** Whether it denies every entry. */
  boolean deniesAll() {
    return readings.stream().anyMatch(reading -> reading.utmost() == Effect.DENY);
  }

  /** Whether it may permit some entry. */
  boolean permitsSome() {
    return !readings.isEmpty()
        && readings.stream().allMatch(reading -> reading.utmost() == Effect.PERMIT);
  }

  /** The least that it says of that entry in any way of reading it. */
  Ruling of(EntryView entry) {
    Ruling least = readings.getFirst().of(entry);
    for (int i = 1; i < readings.size(); i++) {
      Ruling other = readings.get(i).of(entry);
      least = other.effect().compareTo(least.effect()) < 0 ? other : least;
    }
    return least;
  }

  /** Tells how it comes to what it says of that entry. */
  void explain(EntryView entry, List<String> steps) {
    steps.add(name + ": its base policy (" + base.words() + ") " + basis());
    if (undecided) {
      steps.add(
          name + ": without it, what the patient decided cannot be told: nothing may be disclosed");
      return;
    }
    if (readings.size() > 1) {
      steps.add(
          name
              + ": its root provision neither permits nor denies, so it is read in two ways, and"
              + " the one that discloses less counts");
    }
    readings.forEach(reading -> explain(reading, entry, steps));
    steps.add(name + " " + result(of(entry)));
  }

  private String basis() {
    if (base.contradictory()) {
      return "contradicts itself";
    }
    return base.type()
        .map(type -> type == ProvisionType.DENY ? "denies" : "permits")
        .orElse("is not known, and says nothing");
  }

  private void explain(Reading reading, EntryView entry, List<String> steps) {
    List<String> own = new ArrayList<>();
    reading.root().ifPresent(root -> root.explain(entry, own));
    if (readings.size() > 1) {
      own.replaceAll(step -> "as " + reading.name() + ", " + step);
      own.add("as " + reading.name() + ", it " + result(reading.of(entry)));
    }
    steps.addAll(own);
  }

  static String result(Ruling ruling) {
    return switch (ruling.effect()) {
      case DENY -> "denies it, by " + ruling.rule();
      case PERMIT -> "permits it, by " + ruling.rule();
      case NONE -> "says nothing of it";
    };
  }

  /** The provisions of one Consent, each made a rule. */
  private static final class Provisions {

    private final String name;
    private final ConsentCase situation;
    private final DataCriteria data;
    private final ActorCriteria actors;

    Provisions(String name, Consent consent, Origin origin, ConsentCase situation) {
      this.name = name;
      this.situation = situation;
      data = new DataCriteria(situation, origin);
      actors = new ActorCriteria(situation, consent, origin, data);
    }

    Optional<ProvisionRule> rule(Provision provision, ProvisionType type) {
      return Optional.of(compiled(provision, type));
    }

    private ProvisionRule compiled(Provision provision, ProvisionType type) {
      return new ProvisionRule(
          new Ruling(effect(type), name + "." + provision.path()),
          criteria(provision, type),
          provision.provisions().stream()
              .map(each -> compiled(each, each.type().orElseThrow()))
              .toList());
    }

    /** Those that are settled beforehand first, then the cheapest. */
    private List<Criterion> criteria(Provision provision, ProvisionType type) {
      List<Criterion> criteria = new ArrayList<>();
      provision
          .period()
          .ifPresent(period -> criteria.add(AskerCriteria.inForce(period, situation.at())));
      if (!provision.purposes().isEmpty()) {
        criteria.add(AskerCriteria.purposes(provision.purposes(), situation.requester(), type));
      }
      if (!provision.actions().isEmpty()) {
        criteria.add(AskerCriteria.actions(provision.actions()));
      }
      if (!provision.classes().isEmpty()) {
        criteria.add(ContentCriteria.classes(provision.classes()));
      }
      if (!provision.labels().isEmpty()) {
        criteria.add(ContentCriteria.labels(provision.labels(), type));
      }
      if (!provision.codes().isEmpty()) {
        criteria.add(ContentCriteria.codes(provision.codes()));
      }
      provision.dataPeriod().ifPresent(p -> criteria.add(ContentCriteria.dated(p, type)));
      criteria.addAll(actors.of(provision.actors(), type));
      if (!provision.data().isEmpty()) {
        criteria.add(Criterion.any(provision.data().stream().map(data::of).toList()));
      }
      return criteria;
    }
  }
}
