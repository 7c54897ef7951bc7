package dev.ermine.merge;

import dev.ermine.fhir.Composition;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.DocumentJson;
import dev.ermine.fhir.FhirJson;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Provenance;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.region.Organisation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one writer of summaries: a document of ours around the bytes of the regions. Whatever stands
 * in it is referred to by its Composition, so that nobody who goes by that misses any of it.
 *
 * <p>The regions' entries are UK Core, and stay what they are: no profile is claimed for them that
 * their region does not claim, and none is taken away. The sections of an IPS are open to them as
 * they are; what an IPS profile demands of such an entry beyond FHIR R4 is not promised.
 *
 * @see <a href="https://hl7.org/fhir/R4/documents.html">FHIR R4: documents</a>
 * @see <a href="https://hl7.org/fhir/uv/ips/STU2/StructureDefinition-Bundle-uv-ips.html">IPS 2.0.0:
 *     Bundle</a>
 */
final class SummaryWriter {

  /** The Composition, the Patient and the author come ahead of all other entries. */
  private static final int AHEAD = 3;

  private final Merged merged;
  private final Organisation author;
  private final Narrative narrative;
  private final EntryWriter out;
  private final List<SummaryEntry> patients;
  private final List<SummaryEntry> entries;
  private final SummarySubject subject;
  private final List<Provenance> provenances;

  SummaryWriter(
      Merged merged, Optional<Demographics> reference, Organisation author, Narrative narrative) {
    this.merged = merged;
    this.author = author;
    this.narrative = narrative;
    this.out = new EntryWriter(merged);
    List<SummaryEntry> all = SummaryEntry.of(merged);
    this.patients = all.stream().filter(SummaryEntry::isPatient).toList();
    this.entries = all.stream().filter(entry -> !entry.isPatient()).toList();
    this.subject = SummarySubject.of(merged, reference, patients, out.uuid("patient"));
    this.provenances =
        merged.shares().stream()
            .flatMap(share -> share.routes().provenances(merged.at(), out::uuid).stream())
            .toList();
  }

  Gather write() {
    List<Issue> issues = merged.issues(places());
    SummarySections sections = sections(issues);
    boolean claimed = subject.identified() && sections.fitIps();
    head(claimed);
    added("composition", DocumentJson.composition(composition(sections, claimed)));
    text(",");
    subject();
    text(",");
    added("author", organization());
    text(",");
    entries.forEach(this::entry);
    others();
    provenances.forEach(this::provenance);
    added("outcome", FhirJson.operationOutcome(issues));
    text("]}");
    return out.gather();
  }

  private void head(boolean claimed) {
    text("{\"resourceType\":\"Bundle\",\"id\":");
    out.quoted(out.uuid("bundle"));
    text(",\"meta\":{\"lastUpdated\":");
    out.quoted(merged.at().toString());
    if (claimed) {
      text(",\"profile\":[");
      out.quoted(Composition.IPS_BUNDLE);
      text("]");
    }
    text("},\"identifier\":{\"system\":\"urn:ietf:rfc:3986\",\"value\":");
    out.quoted(urn("bundle"));
    text("},\"type\":\"document\",\"timestamp\":");
    out.quoted(merged.at().toString());
    text(",\"entry\":[");
  }

  private SummarySections sections(List<Issue> issues) {
    SummarySections sections = new SummarySections(merged, issues);
    patients.forEach(patient -> sections.row(patient));
    entries.forEach(sections::add);
    if (subject.resource().isEmpty()) {
      sections.refer(subject.fullUrl());
    }
    if (!subject.others().isEmpty()) {
      sections.refer(urn("patients"));
    }
    return sections;
  }

  private Composition composition(SummarySections sections, boolean claimed) {
    List<String> account =
        Stream.concat(
                Stream.of(urn("outcome")),
                provenances.stream().map(it -> "urn:uuid:" + it.id().orElseThrow()))
            .toList();
    return new Composition(
        out.uuid("composition"),
        claimed,
        merged.at(),
        subject.fullUrl(),
        urn("author"),
        sections.written(account, narrative));
  }

  private Slice organization() {
    return DocumentJson.organization(
        out.uuid("author"), Organisation.SYSTEM, author.ods(), author.name());
  }

  private void subject() {
    if (subject.resource().isPresent()) {
      added("patient", subject.resource().get());
    } else {
      patients.stream().filter(subject::is).limit(1).forEach(this::bare);
    }
  }

  private void entry(SummaryEntry entry) {
    bare(entry);
    text(",");
  }

  private void bare(SummaryEntry entry) {
    out.entry(entry.fullUrl(), entry.resource(), EntryWriter.END);
  }

  /** The Patients of the other regions, in a Bundle of their own. */
  private void others() {
    if (subject.others().isEmpty()) {
      return;
    }
    text("{\"fullUrl\":");
    out.quoted(urn("patients"));
    text(",\"resource\":{\"resourceType\":\"Bundle\",\"id\":");
    out.quoted(out.uuid("patients"));
    text(",\"type\":\"collection\",\"entry\":[");
    bare(subject.others().getFirst());
    for (SummaryEntry patient : subject.others().subList(1, subject.others().size())) {
      text(",");
      bare(patient);
    }
    text("]}},");
  }

  private void provenance(Provenance provenance) {
    out.entry(
        "urn:uuid:" + provenance.id().orElseThrow(),
        List.of(FhirJson.provenance(provenance)),
        EntryWriter.END);
    text(",");
  }

  private void added(String name, Slice resource) {
    out.entry(urn(name), List.of(resource), EntryWriter.END);
  }

  private Places places() {
    Map<String, Integer> places = new HashMap<>();
    for (SummaryEntry entry : entries) {
      places.put(entry.fullUrl(), AHEAD + places.size());
    }
    if (subject.resource().isEmpty()) {
      places.put(subject.fullUrl(), 1);
    }
    return new Places(places);
  }

  private String urn(String name) {
    return "urn:uuid:" + out.uuid(name);
  }

  private void text(String text) {
    out.text(text);
  }
}
