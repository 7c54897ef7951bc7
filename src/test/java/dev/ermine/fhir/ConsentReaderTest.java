package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Consent.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentReaderTest {

  private static final String SCOPE =
      "'scope':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/consentscope','code':"
          + "'patient-privacy'}]}";
  private static final String WHOLE =
      "{'resourceType':'Consent','status':'active',"
          + SCOPE
          + ",'patient':{'reference':'Patient/p1'},'provision':{'type':'deny'}}";

  private static Reading read(String consent) {
    byte[] bytes = consent.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return Consent.read(
        new Entry(
            new Slice(bytes, 0, bytes.length),
            "Consent",
            Optional.empty(),
            Optional.empty(),
            Entry.Mode.MATCH,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Facets.NONE));
  }

  @Test
  void passesOverWhatDecidesNothing() {
    assertThat(read(WHOLE)).isInstanceOf(Reading.Heard.class);
    assertThat(read(WHOLE.replace("'status'", "'unheardOf':[1],'status'")))
        .isInstanceOf(Reading.Heard.class);
    assertThat(read(WHOLE.replace("'type'", "'extension':[{'url':'urn:x'}],'type'")))
        .isInstanceOf(Reading.Heard.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'status':'active', | ~~ | it has no status that is known",
        "'active' | 'alive' | it has no status that is known",
        "'patient':{'reference':'Patient/p1'}, | ~~ | it lacks `patient`",
        "patient-privacy | sharing | it has a scope that is not known",
        "'status' | 'modifierExtension':[{'url':'urn:x'}],'status' | it has a modifier extension that is not known",
        "'status' | 'implicitRules':'urn:x','status' | it follows implicit rules that are not known",
        "'deny' | 'forbid' | `provision` neither permits nor denies",
        "'type' | 'modifierExtension':[{'url':'urn:x'}],'type' | `provision` has a modifier extension that is not known",
        "'type' | 'documentType':[{'code':'x'}],'type' | `provision` has an element that R4 does not know there",
        "'type':'deny' | 'type':'deny','purpose':[] | `provision.purpose` is not an array with something in it",
        "'type':'deny' | 'type':'deny','purpose':{'code':'TREAT'} | `provision.purpose` is not an array with something in it",
        "'type':'deny' | 'type':'deny','period':{'start':'soon'} | `provision.period.start` is not a date",
        "'type':'deny' | 'type':'deny','period':{'id':'x'} | `provision.period` has neither start nor end",
        "'type':'deny' | 'type':'deny','period':{'start':'2022','end':'2021'} | `provision.period` ends before it starts",
        "'type':'deny' | 'type':'deny','data':[{'meaning':'all','reference':{'reference':'a/b'}}] | `provision.data[0]` does not say what it means",
        "'type':'deny' | 'type':'deny','provision':[{'id':'x'}] | `provision.provision[0]` neither permits nor denies",
        "'type':'deny' | 'type':'deny','actor':[{'reference':{'reference':'a/b'}}] | `provision.actor[0]` lacks `role`",
        "{'type':'deny'} | null | `provision` is not an object with something in it",
        "{'type':'deny'} | {} | `provision` is not an object with something in it",
        "'deny'}} | 'deny'} | it is not well-formed JSON",
        "'type':'deny' | 'type':'permit','type':'deny' | it is not well-formed JSON"
      })
  void doesNotGuessAtWhatDecides(String part, String instead, String why) {
    assertThat(WHOLE).contains(part);
    assertThat(read(WHOLE.replace(part, instead))).isEqualTo(new Reading.Malformed(why));
  }

  @ParameterizedTest
  @ValueSource(strings = {"treatment", "research", "adr"})
  void leavesOutWhatIsNotAboutPrivacy(String scope) {
    assertThat(read(WHOLE.replace("patient-privacy", scope)))
        .isInstanceOf(Reading.OfNoConcern.class);
  }

  @Test
  void goesThirtyTwoProvisionsDeep() {
    assertThat(read(WHOLE.replace("{'type':'deny'}", nested(32))))
        .isInstanceOf(Reading.Heard.class);
    assertThat(read(WHOLE.replace("{'type':'deny'}", nested(33))))
        .isInstanceOf(Reading.Malformed.class);
    assertThat(read(WHOLE.replace("{'type':'deny'}", nested(50_000))))
        .isEqualTo(new Reading.Malformed("it is not well-formed JSON"));
  }

  private static String nested(int depth) {
    String open = "{'type':'deny','provision':[".repeat(depth - 1);
    return open + "{'type':'deny'}" + "]}".repeat(depth - 1);
  }

  @Test
  void givesUpOnWhatSaysTooMuch() {
    String many =
        "{'type':'deny','purpose':[%s{'code':'x'}]}".formatted("{'code':'x'},".repeat(5_000));
    assertThat(read(WHOLE.replace("{'type':'deny'}", many)))
        .isEqualTo(new Reading.Malformed("`provision` says more than can be weighed"));
  }

  @Test
  void readsDatesAsLongAsTheyAreInexact() {
    assertThat(TimeSpan.parse("2022").orElseThrow())
        .isEqualTo(TimeSpan.between(TimeSpan.parse("2022-01-01"), TimeSpan.parse("2022-12-31")));
    assertThat(TimeSpan.parse("2022-06-01").orElseThrow())
        .isEqualTo(
            TimeSpan.between(
                TimeSpan.parse("2022-05-31T23:00:00Z"),
                TimeSpan.parse("2022-06-01T23:59:59+01:00")));
    assertThat(TimeSpan.parse("2022-02-30")).isEmpty();
    assertThat(TimeSpan.parse("2022-02-01T10:00:00")).isEmpty();
  }
}
