package dev.ermine.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Small resources as a region writes them, without subject: who places them says whose they are.
 */
final class Written {

  static final String NO_KNOWN_ALLERGY = "716186003";
  static final String PENICILLIN = "91936005";

  private Written() {}

  /** An allergy to what that SNOMED code says, or that there is none. */
  static ObjectNode allergy(String id, String code, String clinical, String verification) {
    return json(
        """
        {'resourceType':'AllergyIntolerance','id':'%s',
         'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical','code':'%s'}]},
         'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification','code':'%s'}]},
         'code':{'coding':[{'system':'http://snomed.info/sct','code':'%s','display':'%s'}]},
         'patient':{'reference':'?'},'recordedDate':'2019-03-11'}
        """
            .formatted(id, clinical, verification, code, code));
  }

  /** A prescription, twice a day. */
  static ObjectNode medicine(
      String id, String system, String code, String status, String dose, String unit, String on) {
    return json(
        """
        {'resourceType':'MedicationRequest','id':'%s','status':'%s','intent':'order',
         'medicationCodeableConcept':{'coding':[{'system':'%s','code':'%s','display':'%s'}]},
         'subject':{'reference':'?'},'authoredOn':'%s',
         'dosageInstruction':[{'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}},
           'doseAndRate':[{'doseQuantity':{'value':%s,'unit':'%s','system':'http://unitsofmeasure.org','code':'%s'}}]}]}
        """
            .formatted(id, status, system, code, code, on, dose, unit, unit));
  }

  /** A measurement. */
  static ObjectNode observation(String id, String code, String value, String unit, String at) {
    return json(
        """
        {'resourceType':'Observation','id':'%s','status':'final',
         'code':{'coding':[{'system':'http://snomed.info/sct','code':'%s','display':'%s'}]},
         'subject':{'reference':'?'},'effectiveDateTime':'%s',
         'valueQuantity':{'value':%s,'unit':'%s','system':'http://unitsofmeasure.org','code':'%s'}}
        """
            .formatted(id, code, code, at, value, unit, unit));
  }

  /** A problem. */
  static ObjectNode condition(String id, String code, String clinical, String onset) {
    return json(
        """
        {'resourceType':'Condition','id':'%s',
         'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'%s'}]},
         'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'confirmed'}]},
         'code':{'coding':[{'system':'http://snomed.info/sct','code':'%s','display':'%s'}]},
         'subject':{'reference':'?'},'onsetDateTime':'%s'}
        """
            .formatted(id, clinical, code, code, onset));
  }

  /** A vaccination. */
  static ObjectNode immunization(String id, String code, String lot, String on) {
    return json(
        """
        {'resourceType':'Immunization','id':'%s','status':'completed',
         'vaccineCode':{'coding':[{'system':'http://snomed.info/sct','code':'%s','display':'%s'}]},
         'patient':{'reference':'?'},'occurrenceDateTime':'%s','lotNumber':'%s'}
        """
            .formatted(id, code, code, on, lot));
  }

  /** A document. */
  static ObjectNode document(String id, String code, String hash, String at) {
    return json(
        """
        {'resourceType':'DocumentReference','id':'%s','status':'current',
         'type':{'coding':[{'system':'http://snomed.info/sct','code':'%s','display':'%s'}]},
         'subject':{'reference':'?'},'date':'%s',
         'content':[{'attachment':{'contentType':'text/plain','hash':'%s','data':'aGVsbG8='}}]}
        """
            .formatted(id, code, code, at, hash));
  }

  /** Ada. */
  static ObjectNode patient() {
    return json(
        """
        {'resourceType':'Patient','id':'p1',
         'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'}],
         'name':[{'use':'official','family':'Okafor','given':['Ada']}],
         'gender':'female','birthDate':'1961-04-02'}
        """);
  }

  /** What that JSON says, single quotes standing for double ones. */
  static ObjectNode json(String text) {
    try {
      return (ObjectNode) SyntheaRecord.JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
