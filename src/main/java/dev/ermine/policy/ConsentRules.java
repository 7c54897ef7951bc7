package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.ConsentReferences.Origin;
import dev.ermine.region.Region;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The Consents that one holder has recorded of a patient, compiled for one requester at one moment.
 * All that apply are combined, and a denial overrides; their order never matters.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent.html">FHIR R4: Consent</a>
 * @see <a href="https://profiles.ihe.net/ITI/PCF/">IHE Privacy Consent on FHIR</a>
 */
public final class ConsentRules {

  /** What the Consents say of an entry, from what discloses least to what discloses most. */
  public enum Effect {
    /** One denies it. */
    DENY,
    /** None speaks of it. */
    NONE,
    /** None denies it, and one permits it. */
    PERMIT
  }

  /**
   * What decided.
   *
   * @param rule where it stands, as FHIRPath behind the Consent's number; empty for {@link
   *     Effect#NONE}
   */
  public record Ruling(Effect effect, String rule) {}

  private static final Ruling NOTHING = new Ruling(Effect.NONE, "");

  private final boolean undecided;
  private final EntrySpace space;
  private final List<ConsentRule> rules;
  private final ConsentRule[] live;
  private final List<String> notes;

  private ConsentRules(
      boolean undecided, EntrySpace space, List<ConsentRule> rules, List<String> notes) {
    this.undecided = undecided;
    this.space = space;
    this.rules = List.copyOf(rules);
    this.live = rules.stream().filter(rule -> !rule.isMoot()).toArray(ConsentRule[]::new);
    this.notes = List.copyOf(notes);
  }

  /**
   * Compiles them.
   *
   * @param holder whose Consents they are
   * @param asking the region that the requester asks for; where it is the holder itself, entries
   *     are other regions'
   */
  public static ConsentRules of(
      Consents consents, Region holder, Region asking, Requester requester, Instant at) {
    return of(consents, known -> of(known, ConsentCase.of(known, holder, asking, requester, at)));
  }

  /** The same for entries of the holder's that another region relays. */
  public static ConsentRules ofRelayed(
      Consents consents, Region holder, Region asking, Requester requester, Instant at) {
    return of(
        consents,
        known -> of(known, ConsentCase.of(known, holder, asking, requester, at).relayed()));
  }

  private static ConsentRules of(
      Consents consents, Function<Consents.Known, ConsentRules> compiled) {
    return switch (consents) {
      case Consents.Known known -> compiled.apply(known);
      case Consents.Unknown() ->
          new ConsentRules(
              true,
              new EntrySpace("", EntrySpace.Keeper.ANOTHER),
              List.of(),
              List.of("what is recorded could not be read in full: nothing may be disclosed"));
    };
  }

  private static ConsentRules of(Consents.Known known, ConsentCase situation) {
    RecordedConsents recorded = RecordedConsents.of(known.entries());
    List<ConsentRule> rules =
        recorded.counting().stream()
            .map(
                each ->
                    ConsentRule.of(
                        each.name(),
                        each.consent(),
                        new Origin(each.entry(), each.consent().contained()),
                        situation))
            .toList();
    boolean undecided = recorded.unclear() || rules.stream().anyMatch(ConsentRule::undecided);
    return new ConsentRules(undecided, situation.space(), rules, recorded.notes());
  }

  /** Whether it cannot be established what the patient decided: nothing may be disclosed. */
  public boolean undecided() {
    return undecided;
  }

  /** Whether they deny whatever entry there may be. */
  public boolean denyAll() {
    for (ConsentRule rule : live) {
      if (rule.deniesAll()) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of them may permit some entry. */
  public boolean permitsSome() {
    for (ConsentRule rule : live) {
      if (rule.permitsSome()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What they say of that entry of the holder's, or of a region's that the holder asks.
   *
   * @param labels the labels that hold for it
   */
  public Ruling rule(Entry entry, EntryLabels labels) {
    Ruling permit = NOTHING;
    if (live.length == 0) {
      return permit;
    }
    EntryView view = new EntryView(entry, labels, space);
    for (ConsentRule rule : live) {
      Ruling said = rule.of(view);
      switch (said.effect()) {
        case DENY -> {
          return said;
        }
        case PERMIT -> permit = permit.effect() == Effect.NONE ? said : permit;
        case NONE -> {}
      }
    }
    return permit;
  }

  /**
   * How they come to what they say of that entry, step by step, in the words of an information
   * governance lead.
   */
  public List<String> explain(Entry entry, EntryLabels labels) {
    List<String> steps = new ArrayList<>(notes);
    EntryView view = new EntryView(entry, labels, space);
    rules.forEach(rule -> rule.explain(view, steps));
    steps.add(
        undecided
            ? "altogether: what the patient decided cannot be established; nothing may be disclosed"
            : "altogether: " + altogether(rule(entry, labels)));
    return List.copyOf(steps);
  }

  private static String altogether(Ruling ruling) {
    return switch (ruling.effect()) {
      case DENY -> "it is denied, by " + ruling.rule();
      case PERMIT -> "it is permitted, by " + ruling.rule();
      case NONE -> "nothing recorded speaks of it";
    };
  }
}
