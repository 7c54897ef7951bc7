package dev.ermine.region;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.SnomedId;
import dev.ermine.region.Labelling.Group;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.region.Sources.Content;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The file in which officers list sensitive codes, on its way into {@link Labelling}. */
final class LabellingFile {

  private final Optional<Place> root;
  private final Faults faults;

  private LabellingFile(Optional<Place> root, Faults faults) {
    this.root = root;
    this.faults = faults;
  }

  /** Reads and checks the file of that name. */
  static LabellingFile read(String name, Content content) {
    Faults faults = new Faults(name);
    Optional<Place> root =
        RegionsFile.text(content, faults)
            .flatMap(text -> YamlTree.read(text, faults))
            .map(Place::root);
    LabellingFile file = new LabellingFile(root, faults);
    root.ifPresent(file::check);
    return file;
  }

  /** What is wrong with it; empty: nothing. */
  List<Fault> faults() {
    return faults.sorted();
  }

  /** Its lists, if nothing is wrong with it. */
  Labelling labelling() {
    return root.map(place -> place.member("groups").items().stream().map(LabellingFile::group))
        .map(groups -> new Labelling(groups.toList()))
        .orElse(Labelling.NONE);
  }

  private void check(Place place) {
    FileSchema.LABELLING.check(place.node(), faults);
    Map<String, Integer> lines = new HashMap<>();
    for (Place group : place.member("groups").items()) {
      checkId(group.member("id"), lines);
      checkLabels(group);
      group.member("codes").members().forEach(this::checkCodes);
    }
  }

  private void checkId(Place id, Map<String, Integer> lines) {
    Integer first = lines.putIfAbsent(id.text(), faults.line(id.at()));
    if (first != null && sound(id)) {
      faults.add(id, "is the id of the group in line " + first + " too; give each its own");
    }
  }

  private void checkLabels(Place group) {
    boolean labels =
        group.member("confidentiality").there()
            || group.member("sensitivities").there()
            || group.member("law").there();
    if (!labels && !faults.told(group.at())) {
      faults.add(group, "labels nothing; add `confidentiality`, `sensitivities` or `law`");
    }
    for (Place sensitivity : group.member("sensitivities").items()) {
      if (sound(sensitivity) && !new Sensitivity(sensitivity.text()).known()) {
        faults.add(
            sensitivity,
            Faults.shown(sensitivity.text()) + " is no sensitivity that v3 ActCode has");
      }
    }
  }

  /** A mistyped code would label nothing, and nobody would see. */
  private void checkCodes(Place system) {
    for (Place code : system.members()) {
      if (system.key().equals(SnomedId.SYSTEM)
          && !faults.told(code.at())
          && !SnomedId.isConcept(code.key())) {
        faults.add(code, "`" + code.key() + "` is no SNOMED CT concept: its check digit is wrong");
      }
    }
  }

  private boolean sound(Place place) {
    return place.isText() && !faults.told(place.at());
  }

  private static Group group(Place group) {
    return new Group(
        group.member("id").text(), group.member("title").text(), labels(group), codes(group));
  }

  private static Set<Coding> labels(Place group) {
    Set<Coding> labels = new LinkedHashSet<>();
    Place confidentiality = group.member("confidentiality");
    if (confidentiality.there()) {
      labels.add(new Coding(Confidentiality.SYSTEM, confidentiality.text()));
    }
    group.member("sensitivities").texts().stream()
        .map(code -> new Coding(Sensitivity.SYSTEM, code))
        .forEach(labels::add);
    Place law = group.member("law");
    if (law.there()) {
      labels.add(new Coding(LegalGroup.SYSTEM, law.text()));
    }
    return labels;
  }

  private static Set<Coding> codes(Place group) {
    Set<Coding> codes = new LinkedHashSet<>();
    for (Place system : group.member("codes").members()) {
      system.members().forEach(code -> codes.add(new Coding(system.key(), code.key())));
    }
    return codes;
  }
}
