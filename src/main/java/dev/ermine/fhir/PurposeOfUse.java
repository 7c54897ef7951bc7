package dev.ermine.fhir;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is asked for: a code of HL7 v3 ActReason.
 *
 * @see <a href="https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html">v3 PurposeOfUse</a>
 */
public record PurposeOfUse(String code) {

  /** The code system of purposes of use. */
  public static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

  /** To see what is withheld otherwise, in an emergency, with a reason of its own. */
  public static final PurposeOfUse BREAK_THE_GLASS = new PurposeOfUse("BTG");

  private static final String OID = "urn:oid:2.16.840.1.113883.5.8#";

  /** Each code that stands under another, with that other one. */
  private static final Map<String, String> PARENTS = parents();

  private static final Set<String> ROOTS =
      Set.of("HMARKT", "HOPERAT", "HPAYMT", "HRESCH", "PATRQT", "PUBHLTH", "TREAT");

  public PurposeOfUse {
    if (!code.matches("[A-Z]{2,16}")) {
      throw new IllegalArgumentException("not a purpose of use");
    }
  }

  /** The purpose that {@code text} names, bare ({@code TREAT}) or as UDAP writes it. */
  public static Optional<PurposeOfUse> parse(String text) {
    String code = text.startsWith(OID) ? text.substring(OID.length()) : text;
    return code.matches("[A-Z]{2,16}") ? Optional.of(new PurposeOfUse(code)) : Optional.empty();
  }

  /** Whether v3 PurposeOfUse has this code. */
  public boolean known() {
    return ROOTS.contains(code) || PARENTS.containsKey(code);
  }

  /** Whether this is {@code other} or one of its descendants. */
  public boolean isWithin(PurposeOfUse other) {
    @Nullable String each = code;
    while (each != null && !each.equals(other.code)) {
      each = PARENTS.get(each);
    }
    return each != null;
  }

  private static Map<String, String> parents() {
    Map<String, String> parents = new HashMap<>();
    add(parents, "TREAT", "CLINTRL COC ETREAT POPHLTH");
    add(parents, "ETREAT", "BTG ERTREAT");
    add(parents, "PATRQT", "FAMRQT PWATRNY SUPNWK");
    add(parents, "PUBHLTH", "DISASTER THREAT");
    add(parents, "HRESCH", "BIORCH CLINTRCH DSRCH POARCH TRANSRCH");
    add(parents, "CLINTRCH", "CLINTRCHNPC CLINTRCHPC PRECLINTRCH");
    add(parents, "HPAYMT", "CLMATTCH COVAUTH COVERAGE REMITADV");
    add(parents, "COVERAGE", "ELIGDTRM ELIGVER ENROLLM MILDCRG");
    add(
        parents,
        "HOPERAT",
        "CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP"
            + " HSYSADMIN MEMADMIN MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN");
    add(parents, "HSYSADMIN", "LABELING METAMGT");
    add(parents, "SYSDEV", "HTEST");
    return Map.copyOf(parents);
  }

  private static void add(Map<String, String> parents, String parent, String children) {
    for (String child : children.split(" ", -1)) {
      parents.put(child, parent);
    }
  }

  @Override
  public String toString() {
    return code;
  }
}
