package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.Slice;
import dev.ermine.policy.ConsentRules.Effect;
import java.util.List;
import java.util.Optional;

/**
 * Consents of bytes that nobody chose: what is not one is a value, and leaves the holder undecided.
 * An ordinary run replays the inputs kept beside the test resources; with {@code JAZZER_FUZZ=1} it
 * looks for new ones.
 */
class ConsentFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsAnyBytes(byte[] bytes) {
    Entry entry = entry(bytes);
    ConsentRules rules =
        ConsentRules.of(
            new Consents.Known(List.of(entry), ConsentWorld.BASE),
            ConsentWorld.LONDON,
            ConsentWorld.HERTS,
            ConsentWorld.doctor("TREAT"),
            ConsentWorld.AT);
    Effect effect = rules.rule(entry, EntryLabels.NONE).effect();

    assertThat(rules.explain(entry, EntryLabels.NONE)).isNotEmpty();
    switch (Consent.read(entry)) {
      case Consent.Reading.Malformed _ -> assertThat(rules.undecided()).isTrue();
      case Consent.Reading.OfNoConcern _ -> assertThat(rules.undecided()).isFalse();
      case Consent.Reading.Heard _ -> {
        if (rules.denyAll()) {
          assertThat(effect).isEqualTo(Effect.DENY);
        }
      }
    }
  }

  private static Entry entry(byte[] bytes) {
    return new Entry(
        new Slice(bytes, 0, bytes.length),
        "Consent",
        Optional.empty(),
        Optional.empty(),
        Entry.Mode.MATCH,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Facets.NONE);
  }
}
