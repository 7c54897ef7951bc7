package dev.ermine.merge.fact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Value.Quantity;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of UCUM as peers write them, and quantities in them. */
class UnitTest {

  @ParameterizedTest
  @CsvSource({
    "154.32, [lb_av], 70, kg, SAME",
    "155, [lb_av], 70, kg, SAME",
    "157, [lb_av], 70, kg, DIFFERENT",
    "70.0, kg, 154.32, [lb_av], SAME",
    "70.00, kg, 154.0, [lb_av], DIFFERENT",
    "2, kg, 2.5, kg, DIFFERENT",
    "2, kg, 2.4, kg, SAME",
    "1.5e3, g, 1510, g, DIFFERENT",
    "37.0, Cel, 98.6, [degF], SAME",
    "37.0, Cel, 99.6, [degF], DIFFERENT",
    "310.15, K, 37.0, Cel, SAME",
    "120, mm[Hg], 16.0, kPa, SAME",
    "180, cm, 1.80, m, SAME",
    "7.2, 10*9/L, 7.2, 10*3/uL, SAME",
    "7.2, 10*9/L, 7.2, 10^9/L, SAME",
    "7.2, 10*9/L, 7.2, 10*12/L, DIFFERENT",
    "5.2, mmol/L, 201, mg/dL, UNSAID",
    "5, meq/L, 2.5, mmol/L, UNSAID",
    "5, [iU]/L, 5, [IU]/L, SAME",
    "5, [iU]/L, 5, U/L, UNSAID",
    "5, ng/mL, 5, ug/L, SAME",
    "72, /min, 72, {beats}/min, SAME",
    "3, {tablet}, 3, {puff}, UNSAID",
    "3, {score}, 3, 1, UNSAID",
    "90, mL/min, 90, mL/min/{1.73_m2}, SAME",
    "42, mmol/mol, 6.0, %, UNSAID",
    "3, mg/mmol, 3, g/mol, SAME",
    "30, mg/g, 30, ug/mg, SAME",
    "30, mg/kg/d, 30, /d, UNSAID",
    "1, k[nonsense], 1, k[nonsense], SAME",
    "1, mCel, 1, Cel, UNSAID",
    "1, Cel/min, 1, K/min, UNSAID",
    "3, B, 3, Np, UNSAID",
    "1, h, 60, min, SAME",
    "1, L.min-1, 1, L/min, SAME"
  })
  void comparesQuantities(String one, String unit, String other, String otherUnit, Comparison how) {
    Quantity first = quantity(one, unit);
    Quantity second = quantity(other, otherUnit);
    assertThat(Quantities.measured(first, second)).isEqualTo(how);
    assertThat(Quantities.measured(second, first)).isEqualTo(how);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "km999999",
        "m99",
        "((((",
        "(mg)",
        "mg/",
        "//",
        "m--2",
        "10*",
        "10*999",
        "0/m",
        "99999.m",
        "{",
        "}",
        "m{",
        "[",
        "m[",
        "]",
        "[]",
        "é",
        "\u00b5g",
        "\u0000",
        "m m",
        "-5",
        "[pH]",
        "mg/dL/mg/dL/mg/dL/mg/dL/mg/dL/mg/dL/mg/dL",
        "%s%n",
        "1e999"
      })
  void whatIsNoUnitDoesNotCompare(String code) {
    assertThat(Unit.of(code)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e99999999999", "1e-999999999", "-", ".", "x", ""})
  void whatIsNoNumberDoesNotCompare(String number) {
    assertThat(Quantities.number(number)).isEmpty();
    assertThat(Quantities.measured(quantity(number, "mg"), quantity("1", "g")))
        .isEqualTo(Comparison.UNSAID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-0.50", "1.5E3", "1e40"})
  void whatIsANumberIsThatNumber(String number) {
    assertThat(Quantities.number(number)).contains(new BigDecimal(number));
  }

  private static Quantity quantity(String number, String unit) {
    return new Quantity(
        Optional.of(number), Optional.empty(), Optional.of(unit), Optional.of(unit));
  }
}
