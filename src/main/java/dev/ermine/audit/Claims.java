package dev.ermine.audit;

import static dev.ermine.audit.Datatypes.concept;
import static dev.ermine.audit.Datatypes.object;
import static dev.ermine.audit.Datatypes.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import java.util.List;
import java.util.Set;

/**
 * What a token claims of its user, as FHIR holds it: as a code where it is one, otherwise in the
 * claim's own words. A made-up code must not make an event that repositories refuse, or a forger
 * could keep out of them.
 */
final class Claims {

  /**
   * The codes of v3 PurposeOfUse.
   *
   * @see <a href="https://hl7.org/fhir/R4/v3/PurposeOfUse/vs.html">FHIR R4: PurposeOfUse</a>
   */
  static final Set<String> PURPOSES =
      Set.of(
          ("PurposeOfUse HMARKT HOPERAT CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM"
                  + " HLEGAL HOUTCOMS HPRGRP HQUALIMP HSYSADMIN LABELING METAMGT MEMADMIN MILCDM"
                  + " PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV HTEST TRAIN HPAYMT CLMATTCH COVAUTH"
                  + " COVERAGE ELIGDTRM ELIGVER ENROLLM MILDCRG REMITADV HRESCH BIORCH CLINTRCH"
                  + " CLINTRCHNPC CLINTRCHPC PRECLINTRCH DSRCH POARCH TRANSRCH PATRQT FAMRQT PWATRNY"
                  + " SUPNWK PUBHLTH DISASTER THREAT TREAT CLINTRL COC ETREAT BTG ERTREAT POPHLTH")
              .split(" "));

  private Claims() {}

  static ArrayNode roles(List<Coding> claimed) {
    ArrayNode roles = object().arrayNode();
    claimed.forEach(role -> roles.add(role(role)));
    return roles;
  }

  private static ObjectNode role(Coding claimed) {
    return claimed.system().equals(AgreementRules.ROLES) && claimed.code().matches("[!-~]+")
        ? concept(claimed.system(), claimed.code())
        : text(object(), "text", claimed.system() + "|" + claimed.code());
  }

  static ArrayNode purposes(List<PurposeOfUse> claimed) {
    ArrayNode purposes = object().arrayNode();
    claimed.forEach(purpose -> purposes.add(purpose(purpose.code())));
    return purposes;
  }

  private static ObjectNode purpose(String claimed) {
    return PURPOSES.contains(claimed)
        ? concept(PurposeOfUse.SYSTEM, claimed)
        : object().put("text", claimed);
  }
}
