package dev.ermine.fhir;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The walk over one Dosage. What it does not know makes the dose one that says more. */
final class DoseReader {

  private final ValueReader json;

  private @Nullable String text;
  private @Nullable Value amount;
  private @Nullable Value rate;
  private @Nullable String frequency;
  private @Nullable String period;
  private @Nullable String periodUnit;
  private @Nullable Term code;
  private @Nullable Term route;
  private @Nullable Boolean asNeeded;
  private boolean more;

  private DoseReader(ValueReader json) {
    this.json = json;
  }

  /** The Dosage that comes next. */
  static @Nullable Dose dosage(ValueReader json) throws Refused {
    DoseReader reader = new DoseReader(json);
    return reader.dose(json.span(reader::members));
  }

  /** The amount that comes next, where nothing else is said of a dose. */
  static Dose amount(ValueReader json) throws Refused {
    DoseReader reader = new DoseReader(json);
    return reader.dose(json.span(() -> reader.amount = json.value("Quantity")));
  }

  private Dose dose(Slice whole) {
    return new Dose(
        whole,
        Optional.ofNullable(text),
        Optional.ofNullable(amount),
        Optional.ofNullable(rate),
        new Dose.Timing(
            Optional.ofNullable(frequency),
            Optional.ofNullable(period),
            Optional.ofNullable(periodUnit),
            Optional.ofNullable(code)),
        Optional.ofNullable(route),
        Optional.ofNullable(asNeeded),
        more);
  }

  private boolean members() throws Refused {
    boolean object = json.enters();
    while (object && json.nextMember()) {
      String key = json.key();
      switch (key) {
        case "id", "sequence" -> json.skip();
        case "text" -> text = json.text();
        case "timing" -> timing();
        case "route" -> route = json.term();
        case "asNeededBoolean" -> asNeeded = json.flag();
        case "doseAndRate" -> more |= json.several(this::doseAndRate).size() > 1;
        default -> amounts(key);
      }
    }
    more |= !object;
    return object;
  }

  /** FHIR R4 has these within {@code doseAndRate}, STU3 in the Dosage itself. */
  private void amounts(String key) throws Refused {
    switch (key) {
      case "doseQuantity", "doseSimpleQuantity", "doseRange" ->
          amount = first(amount, json.value(key.substring("dose".length())));
      case "rateQuantity", "rateSimpleQuantity", "rateRange", "rateRatio" ->
          rate = first(rate, json.value(key.substring("rate".length())));
      default -> {
        json.skip();
        more = true;
      }
    }
  }

  /** What is said twice is said once too often to be compared. */
  private Value first(@Nullable Value said, Value again) {
    more |= said != null;
    return said == null ? again : said;
  }

  private Boolean doseAndRate() throws Refused {
    boolean object = json.enters();
    while (object && json.nextMember()) {
      String key = json.key();
      if (key.equals("type") || key.equals("id")) {
        json.skip();
      } else {
        amounts(key);
      }
    }
    return object;
  }

  private void timing() throws Refused {
    boolean object = json.enters();
    while (object && json.nextMember()) {
      switch (json.key()) {
        case "id" -> json.skip();
        case "repeat" -> repeat();
        case "code" -> code = json.term();
        default -> {
          json.skip();
          more = true;
        }
      }
    }
  }

  private void repeat() throws Refused {
    boolean object = json.enters();
    while (object && json.nextMember()) {
      switch (json.key()) {
        case "frequency" -> frequency = json.number();
        case "period" -> period = json.number();
        case "periodUnit" -> periodUnit = json.text();
        default -> {
          json.skip();
          more = true;
        }
      }
    }
  }
}
