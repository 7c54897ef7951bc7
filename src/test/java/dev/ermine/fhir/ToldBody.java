package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import java.util.List;

/** A {@link PeerBody} told in full, a facet a line: the values tell nothing of themselves. */
final class ToldBody {

  static final String UNREADABLE = "unreadable";

  private final StringBuilder text = new StringBuilder();

  private ToldBody() {}

  static String of(PeerBody body) {
    ToldBody told = new ToldBody();
    switch (body) {
      case PeerBody.Searchset searchset -> told.searchset(searchset);
      case PeerBody.Resource resource -> told.line("resource").entry(resource.entry());
      case PeerBody.Outcome outcome -> told.line("outcome").issues(outcome.issues());
      case PeerBody.Unreadable unreadable -> told.text.append(UNREADABLE);
    }
    return told.text.toString();
  }

  private void searchset(PeerBody.Searchset searchset) {
    line("searchset", searchset.next(), searchset.self());
    searchset.entries().forEach(this::entry);
    issues(searchset.warnings());
  }

  private void issues(List<PeerBody.PeerIssue> issues) {
    issues.forEach(issue -> line("  issue", issue.severity(), issue.code(), issue.details()));
  }

  private void entry(Entry entry) {
    line(
        "  entry", span(entry.resource()), entry.type(), entry.id(), entry.fullUrl(), entry.mode());
    entry.identifiers().forEach(this::identifier);
    entry.references().forEach(this::reference);
    entry.urls().forEach(this::url);
    entry
        .contained()
        .forEach(
            patient -> {
              line("    contained patient", patient.id());
              patient.identifiers().forEach(this::identifier);
            });
    facets(entry.facets());
  }

  private void facets(Facets facets) {
    line("    labels", facets.labels());
    line("    codes", facets.codes());
    line("    dates", facets.dates());
    Facets.Meta meta = facets.meta();
    line("    meta", meta.version(), meta.lastUpdated(), meta.source());
    line("    tags", meta.profiles(), meta.tags());
    line("    status", facets.status());
    line("    content", facets.contentTypes(), facets.hashes(), facets.warnings());
  }

  private void identifier(Identifier identifier) {
    line("    identifier", identifier.system(), identifier.value(), identifier.use());
  }

  private void reference(Reference reference) {
    line("    reference", reference.element(), reference.type());
    line("      logical", reference.identifierSystem(), reference.identifierValue());
    reference.literal().ifPresent(this::url);
  }

  private void url(Url url) {
    line("      url", url.kind(), url.value(), span(url.span()));
  }

  private static String span(Slice slice) {
    return slice.from() + ".." + slice.to();
  }

  private ToldBody line(String what, Object... parts) {
    text.append(what);
    for (Object part : parts) {
      text.append(" | ").append(part);
    }
    text.append('\n');
    return this;
  }
}
