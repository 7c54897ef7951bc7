package dev.ermine.fhir;

import dev.ermine.fhir.Consent.Actor;
import dev.ermine.fhir.Consent.Data;
import dev.ermine.fhir.Consent.Meaning;
import dev.ermine.fhir.Consent.Provision;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.fhir.Consent.Reading;
import dev.ermine.fhir.Element.Unfit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reader of Consents: it passes over what decides nothing, and will not guess at what does. A
 * provision with an element that R4 does not know could mean less, or more, than it seems to.
 */
final class ConsentReader {

  /** How deep provisions may stand inside one another. */
  static final int DEPTH = 32;

  /** How many things one Consent may say. */
  static final int SIZE = 5_000;

  private static final String SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope";

  private static final Set<String> PROVISION =
      Set.of(
          "type",
          "period",
          "actor",
          "action",
          "securityLabel",
          "purpose",
          "class",
          "code",
          "dataPeriod",
          "data",
          "provision");

  private static final Party NOBODY = new Party("", List.of(), List.of(), List.of());

  private int size;

  private ConsentReader() {}

  static Reading read(Element root) throws Unfit {
    if (!root.text("resourceType").equals(Optional.of("Consent"))) {
      throw root.unfit("is no Consent");
    }
    root.isPlain();
    if (root.has("implicitRules") || root.has("_implicitRules")) {
      throw root.unfit("follows implicit rules that are not known");
    }
    if (!isActive(root)) {
      return new Reading.OfNoConcern("it is not active");
    }
    if (!isAboutPrivacy(root)) {
      return new Reading.OfNoConcern("it is not about privacy");
    }
    return new Reading.Heard(new ConsentReader().consent(root));
  }

  private static boolean isActive(Element root) throws Unfit {
    return switch (root.text("status").orElse("")) {
      case "active" -> true;
      case "draft", "proposed", "rejected", "inactive", "entered-in-error" -> false;
      default -> throw root.unfit("has no status that is known");
    };
  }

  private static boolean isAboutPrivacy(Element root) throws Unfit {
    boolean elsewhere = false;
    for (Coding scope : root.one("scope").concept().codings()) {
      if (scope.system().equals(SCOPES)) {
        switch (scope.code()) {
          case "patient-privacy" -> {
            return true;
          }
          case "adr", "research", "treatment" -> elsewhere = true;
          default -> throw root.unfit("has a scope that is not known");
        }
      }
    }
    if (!elsewhere) {
      throw root.unfit("has no scope that is known");
    }
    return false;
  }

  private Consent consent(Element root) throws Unfit {
    Optional<Element> meta = root.object("meta");
    Optional<Element> rule = root.object("policyRule");
    List<Optional<String>> policies = new ArrayList<>();
    for (Element policy : root.objects("policy")) {
      policy.isPlain();
      policies.add(policy.text("uri"));
    }
    Optional<Element> provision = root.object("provision");
    return new Consent(
        root.identifiers(),
        root.one("patient").pointer(),
        root.moment("dateTime"),
        meta.isEmpty() ? Optional.empty() : meta.get().moment("lastUpdated"),
        pointers(root.objects("organization")),
        rule.isEmpty() ? Optional.empty() : Optional.of(rule.get().concept()),
        policies,
        provision.isEmpty() ? Optional.empty() : Optional.of(provision(provision.get(), 1)),
        contained(root),
        size);
  }

  private static List<Pointer> pointers(List<Element> elements) throws Unfit {
    List<Pointer> pointers = new ArrayList<>();
    for (Element element : elements) {
      pointers.add(element.pointer());
    }
    return pointers;
  }

  /**
   * A contained resource that cannot be read, or told from another, is as one that is not there.
   */
  private static Map<String, Party> contained(Element root) throws Unfit {
    Map<String, Party> parties = new HashMap<>();
    for (Element each : root.objects("contained")) {
      Optional<String> id = each.text("id");
      id.ifPresent(it -> parties.merge(it, party(each), (one, other) -> NOBODY));
    }
    return parties;
  }

  private static Party party(Element resource) {
    try {
      return resource.party();
    } catch (Unfit e) {
      return NOBODY;
    }
  }

  private Provision provision(Element element, int depth) throws Unfit {
    if (depth > DEPTH) {
      throw element.unfit("stands too deep");
    }
    element.isPlain();
    element.hasOnly(PROVISION);
    count(element, 1);
    return new Provision(
        element.path(),
        type(element, depth == 1),
        element.period("period"),
        actors(element),
        concepts(element, "action"),
        codings(element, "securityLabel"),
        codings(element, "purpose"),
        codings(element, "class"),
        concepts(element, "code"),
        element.period("dataPeriod"),
        data(element),
        provisions(element, depth));
  }

  private static Optional<ProvisionType> type(Element element, boolean root) throws Unfit {
    Optional<String> type = element.text("type");
    if (type.isEmpty()) {
      if (root && !element.has("_type")) {
        return Optional.empty();
      }
      throw element.unfit("neither permits nor denies");
    }
    return Optional.of(
        switch (type.get()) {
          case "deny" -> ProvisionType.DENY;
          case "permit" -> ProvisionType.PERMIT;
          default -> throw element.unfit("neither permits nor denies");
        });
  }

  private List<Actor> actors(Element element) throws Unfit {
    List<Actor> actors = new ArrayList<>();
    for (Element actor : counted(element, "actor")) {
      actor.isPlain();
      Optional<Element> who = actor.object("reference");
      actors.add(
          new Actor(
              actor.one("role").concept(),
              who.isEmpty() ? Optional.empty() : Optional.of(who.get().pointer())));
    }
    return actors;
  }

  private List<Data> data(Element element) throws Unfit {
    List<Data> data = new ArrayList<>();
    for (Element each : counted(element, "data")) {
      each.isPlain();
      Meaning meaning =
          switch (each.text("meaning").orElse("")) {
            case "instance" -> Meaning.INSTANCE;
            case "related" -> Meaning.RELATED;
            case "dependents" -> Meaning.DEPENDENTS;
            case "authoredby" -> Meaning.AUTHOREDBY;
            default -> throw each.unfit("does not say what it means");
          };
      data.add(new Data(meaning, each.one("reference").pointer()));
    }
    return data;
  }

  private List<Concept> concepts(Element element, String name) throws Unfit {
    List<Concept> concepts = new ArrayList<>();
    for (Element each : counted(element, name)) {
      Concept concept = each.concept();
      count(each, concept.codings().size());
      concepts.add(concept);
    }
    return concepts;
  }

  private List<Coding> codings(Element element, String name) throws Unfit {
    List<Coding> codings = new ArrayList<>();
    for (Element each : counted(element, name)) {
      codings.add(each.coding());
    }
    return codings;
  }

  private List<Provision> provisions(Element element, int depth) throws Unfit {
    List<Provision> provisions = new ArrayList<>();
    for (Element each : element.objects("provision")) {
      provisions.add(provision(each, depth + 1));
    }
    return provisions;
  }

  private List<Element> counted(Element element, String name) throws Unfit {
    List<Element> objects = element.objects(name);
    count(element, objects.size());
    return objects;
  }

  private void count(Element element, int more) throws Unfit {
    size += more;
    if (size > SIZE) {
      throw element.unfit("says more than can be weighed");
    }
  }
}
