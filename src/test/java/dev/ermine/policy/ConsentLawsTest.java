package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Slice;
import dev.ermine.policy.ConsentRules.Effect;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of all Consents, over random ones; a failure prints the seed that it came of. */
class ConsentLawsTest {

  private static final int RECORDS = Integer.getInteger("ermine.records", 300);
  private static final int ENTRIES = 20;
  private static final List<List<String>> PURPOSES =
      List.of(
          List.of("TREAT"),
          List.of("ETREAT"),
          List.of("BTG"),
          List.of("COC", "TREAT"),
          List.of("CLINTRCH"));

  private final long seed = Optional.ofNullable(Long.getLong("seed")).orElseGet(System::nanoTime);
  private final Random random = new Random(seed);
  private final GeneratedConsents generated = new GeneratedConsents(random);

  @Test
  void comesToWhatThePlainEvaluatorComesTo() {
    Map<Effect, Integer> seen = new EnumMap<>(Effect.class);
    int undecided = 0;
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> consents = generated.consents();
      List<String> purposes = PURPOSES.get(random.nextInt(PURPOSES.size()));
      ConsentRules rules = rules(consents, purposes);
      PlainConsents plain = plain(consents, purposes);
      for (int j = 0; j < ENTRIES; j++) {
        ObjectNode entry = generated.entry();
        Optional<Effect> expected = plain.of(entry);
        assertThat(rules.undecided()).as(told(consents, entry)).isEqualTo(expected.isEmpty());
        if (expected.isEmpty()) {
          undecided++;
          continue;
        }
        assertThat(effect(rules, entry)).as(told(consents, entry)).isEqualTo(expected.get());
        seen.merge(expected.get(), 1, Integer::sum);
      }
    }
    assertThat(seen.values()).hasSize(3).allMatch(count -> count > RECORDS);
    assertThat(undecided).isPositive();
  }

  @Test
  void denyingAllDeniesEveryEntry() {
    int denied = 0;
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> consents = generated.consents();
      ConsentRules rules = rules(consents, List.of("TREAT"));
      if (rules.denyAll() && !rules.undecided()) {
        denied++;
        for (int j = 0; j < ENTRIES; j++) {
          ObjectNode entry = generated.entry();
          assertThat(effect(rules, entry)).as(told(consents, entry)).isEqualTo(Effect.DENY);
        }
      }
    }
    assertThat(denied).isGreaterThan(RECORDS / 20);
  }

  @Test
  void anotherDenialWithoutExceptionsNeverDisclosesMore() {
    int less = 0;
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> before = generated.consents();
      List<ObjectNode> after = before.stream().map(ObjectNode::deepCopy).toList();
      addDenial(after.get(random.nextInt(after.size())));
      ConsentRules open = rules(before, List.of("TREAT"));
      ConsentRules closed = rules(after, List.of("TREAT"));
      for (int j = 0; j < ENTRIES && !open.undecided(); j++) {
        ObjectNode entry = generated.entry();
        assertThat(effect(closed, entry))
            .as(told(after, entry))
            .isLessThanOrEqualTo(effect(open, entry));
        less += effect(closed, entry).compareTo(effect(open, entry)) < 0 ? 1 : 0;
      }
    }
    assertThat(less).isGreaterThan(RECORDS / 10);
  }

  /** To some provision of it, or to its root. */
  private void addDenial(ObjectNode consent) {
    if (!consent.has("provision")) {
      return;
    }
    ObjectNode at = (ObjectNode) consent.path("provision");
    while (at.has("provision") && random.nextBoolean()) {
      JsonNode inside = at.path("provision");
      at = (ObjectNode) inside.get(random.nextInt(inside.size()));
    }
    if (random.nextBoolean() && !at.has("type")) {
      return;
    }
    ArrayNode exceptions = at.withArray("provision");
    ObjectNode denial = leaf();
    exceptions.insert(random.nextInt(exceptions.size() + 1), denial);
  }

  private ObjectNode leaf() {
    while (true) {
      JsonNode root = generated.consent().path("provision");
      if (root instanceof ObjectNode denial) {
        denial.put("type", "deny").remove("provision");
        return denial;
      }
    }
  }

  @Test
  void orderNeverMatters() {
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> consents = generated.consents();
      List<ObjectNode> shuffled =
          new ArrayList<>(consents.stream().map(ObjectNode::deepCopy).toList());
      Collections.shuffle(shuffled, random);
      shuffled.forEach(each -> shuffle(each.path("provision")));
      ConsentRules one = rules(consents, List.of("ETREAT"));
      ConsentRules other = rules(shuffled, List.of("ETREAT"));

      assertThat(other.undecided()).as(told(consents, Map.of())).isEqualTo(one.undecided());
      assertThat(other.denyAll()).as(told(consents, Map.of())).isEqualTo(one.denyAll());
      List<ObjectNode> entries = Stream.generate(generated::entry).limit(ENTRIES).toList();
      List<Effect> effects = entries.stream().map(entry -> effect(one, entry)).toList();
      for (int j = ENTRIES - 1; j >= 0; j--) {
        assertThat(effect(other, entries.get(j)))
            .as(told(consents, entries.get(j)))
            .isEqualTo(effects.get(j));
      }
    }
  }

  private void shuffle(JsonNode provision) {
    provision
        .propertyStream()
        .filter(property -> property.getValue().isArray())
        .forEach(
            property -> {
              List<JsonNode> items = new ArrayList<>(property.getValue().valueStream().toList());
              Collections.shuffle(items, random);
              ((ArrayNode) property.getValue()).removeAll().addAll(items);
            });
    provision.path("provision").forEach(this::shuffle);
  }

  @Test
  void whatOnlyBreakingTheGlassLiftsIsNeverSeenWithoutIt() {
    int lifted = 0;
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> consents =
          generated.consents().stream()
              .filter(each -> each.at("/policyRule/coding/0/code").asText().equals("OPTOUT"))
              .filter(each -> each.at("/provision/type").isTextual())
              .toList();
      consents.forEach(each -> permitForBreakingGlassAlone(each.path("provision")));
      ConsentRules without = rules(consents, List.of("TREAT"));
      ConsentRules together = rules(consents, List.of("TREAT", "BTG"));
      ConsentRules breaking = rules(consents, List.of("BTG"));
      for (int j = 0; j < ENTRIES; j++) {
        ObjectNode entry = generated.entry();
        assertThat(effect(without, entry)).as(told(consents, entry)).isNotEqualTo(Effect.PERMIT);
        assertThat(effect(together, entry)).as(told(consents, entry)).isNotEqualTo(Effect.PERMIT);
        lifted += effect(breaking, entry) == Effect.PERMIT ? 1 : 0;
      }
    }
    assertThat(lifted).isPositive();
  }

  private static void permitForBreakingGlassAlone(JsonNode provision) {
    if (provision.path("type").asText().equals("permit")) {
      ((ObjectNode) provision)
          .putArray("purpose")
          .addObject()
          .put("system", "http://terminology.hl7.org/CodeSystem/v3-ActReason")
          .put("code", "BTG");
    }
    provision.path("provision").forEach(ConsentLawsTest::permitForBreakingGlassAlone);
  }

  @Test
  void explainsEveryDecisionAndEndsWithIt() {
    for (int i = 0; i < RECORDS; i++) {
      List<ObjectNode> consents = generated.consents();
      ConsentRules rules = rules(consents, List.of("TREAT"));
      ObjectNode tree = generated.entry();
      var entry = entry(tree);
      EntryLabels labels = EntryLabels.of(entry.facets().labels());

      List<String> steps = rules.explain(entry, labels);

      String rule = rules.rule(entry, labels).rule();
      assertThat(steps.getLast())
          .as(told(consents, tree))
          .contains(rules.undecided() ? "cannot be established" : rule);
    }
  }

  private static ConsentRules rules(List<ObjectNode> consents, List<String> purposes) {
    return ConsentWorld.rules(
        ConsentWorld.doctor(purposes.toArray(String[]::new)),
        Stream.concat(
                consents.stream().map(JsonNode::toString),
                GeneratedConsents.others().stream().map(ConsentWorld::quoted))
            .toArray(String[]::new));
  }

  private static PlainConsents plain(List<ObjectNode> consents, List<String> purposes) {
    return new PlainConsents(
        List.copyOf(consents),
        GeneratedConsents.others().stream()
            .map(ConsentWorld::quoted)
            .map(ConsentWorld::json)
            .toList(),
        new PlainConsents.Asked(
            Set.copyOf(purposes),
            Set.of("R8000"),
            "111222333444",
            Set.of("RQW", "QM7"),
            "QMJ",
            ConsentWorld.BASE,
            LocalDate.parse("2022-06-01")));
  }

  private static Effect effect(ConsentRules rules, ObjectNode entry) {
    return ConsentWorld.ruling(rules, entry(entry)).effect();
  }

  private static dev.ermine.fhir.Entry entry(ObjectNode tree) {
    return ConsentWorld.entry(tree, Slice.of(tree.toString()), Optional.empty());
  }

  private Supplier<String> told(List<ObjectNode> consents, Object entry) {
    return () -> "-Dseed=%d: %s of %s".formatted(seed, consents, entry);
  }
}
