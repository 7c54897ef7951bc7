package dev.ermine.fhir;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why information is sensitive: a code of HL7 v3 ActCode below InformationSensitivityPolicy.
 *
 * @see <a href="https://terminology.hl7.org/ValueSet-v3-InformationSensitivityPolicy.html">v3
 *     InformationSensitivityPolicy</a>
 */
public record Sensitivity(String code) {

  /** The code system of sensitivities. */
  public static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

  /** Each code that stands under another, with that other one. */
  private static final Map<String, String> PARENTS = parents();

  private static final Set<String> ROOTS =
      Set.of(
          "ADOL", "B", "CEL", "DEMO", "DIA", "DOB", "DRGIS", "EMP", "EMPL", "ETH", "GDIS", "GENDER",
          "HIV", "LIVARG", "LOCIS", "MARST", "MST", "PDS", "PHY", "PRS", "RACE", "REL", "SCA",
          "SDV", "SEX", "SICKLE", "SPI", "SSP", "STD", "TBOO", "VIO");

  /** Whether v3 InformationSensitivityPolicy has this code. */
  public boolean known() {
    return ROOTS.contains(code) || PARENTS.containsKey(code);
  }

  /** Whether this is {@code other} or one of its descendants. */
  public boolean isWithin(Sensitivity other) {
    @Nullable String each = code;
    while (each != null && !each.equals(other.code)) {
      each = PARENTS.get(each);
    }
    return each != null;
  }

  /** This, and every code that it stands under. */
  public Set<String> ancestry() {
    Set<String> codes = new HashSet<>();
    for (@Nullable String each = code; each != null; each = PARENTS.get(each)) {
      codes.add(each);
    }
    return codes;
  }

  private static Map<String, String> parents() {
    Map<String, String> parents = new HashMap<>();
    add(parents, "SPI", "BH MH PSY PSYTHPN SUD");
    add(parents, "BH", "COGN DVD EMOTDIS");
    add(parents, "SUD", "ETHUD OPIOIDUD");
    return Map.copyOf(parents);
  }

  private static void add(Map<String, String> parents, String parent, String children) {
    for (String child : children.split(" ", -1)) {
      parents.put(child, parent);
    }
  }
}
