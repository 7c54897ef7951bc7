package dev.ermine.policy;

import dev.ermine.fhir.Consent.Data;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Pointer;
import dev.ermine.policy.ConsentReferences.Origin;
import dev.ermine.policy.EntryView.Lead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The criteria of resources that a provision names.
 *
 * @see <a href="https://hl7.org/fhir/R4/codesystem-consent-data-meaning.html">FHIR R4:
 *     ConsentDataMeaning</a>
 */
final class DataCriteria {

  private final ConsentCase situation;
  private final Origin origin;

  DataCriteria(ConsentCase situation, Origin origin) {
    this.situation = situation;
    this.origin = origin;
  }

  Criterion of(Data data) {
    Named named = named(data.reference());
    return switch (data.meaning()) {
      case INSTANCE -> new Instance(named, situation.space());
      case RELATED -> new Related(named, related(named), situation.space());
      case DEPENDENTS -> new Dependents(named, situation.space());
      case AUTHOREDBY -> new AuthoredBy(named, situation.space());
    };
  }

  Criterion authoredBy(Pointer author) {
    return new AuthoredBy(named(author), situation.space());
  }

  /**
   * A resource that a Consent names.
   *
   * @param type where it is told
   * @param identifiers as far as known
   * @param entry it, if it came with the Consents
   */
  private record Named(
      String address, Optional<String> type, List<Identifier> identifiers, Optional<Entry> entry) {

    /** Whether the resource at that address, with those identifiers, is it. */
    Truth is(String other, Collection<Identifier> theirs, EntrySpace space) {
      Truth literal = space.same(address, other);
      if (literal == Truth.TRUE || identifiers.isEmpty()) {
        return literal;
      }
      Truth logical = Identities.same(identifiers, theirs);
      if (literal == Truth.UNKNOWN) {
        return logical;
      }
      return logical == Truth.TRUE ? Truth.UNKNOWN : Truth.FALSE;
    }

    /** Whether a reference of an entry's leads to it. */
    Truth isMeantBy(Lead lead, EntrySpace space) {
      Entry.Reference reference = lead.reference();
      return is(lead.address(), logical(reference), space);
    }

    private static List<Identifier> logical(Entry.Reference reference) {
      return reference.identifierSystem().isPresent() && reference.identifierValue().isPresent()
          ? List.of(
              new Identifier(
                  reference.identifierSystem(), reference.identifierValue(), Optional.empty()))
          : List.of();
    }
  }

  private Named named(Pointer pointer) {
    String address = situation.references().address(pointer, origin);
    Optional<Entry> entry = situation.references().entry(address);
    List<Identifier> identifiers = new ArrayList<>();
    pointer.logical().ifPresent(identifiers::add);
    entry.ifPresent(
        it ->
            it.identifiers().stream()
                .filter(each -> each.system().isPresent() && each.value().isPresent())
                .forEach(identifiers::add));
    return new Named(address, pointer.target(), List.copyOf(identifiers), entry);
  }

  /** Where the references of a resource lead, if it is at hand. */
  private Optional<Leads> related(Named named) {
    return named.entry().map(this::leads);
  }

  private Leads leads(Entry entry) {
    Set<String> addresses = new HashSet<>();
    List<Identifier> identifiers = new ArrayList<>();
    for (Entry.Reference reference : entry.references()) {
      reference
          .literal()
          .map(Entry.Url::value)
          .filter(literal -> !literal.startsWith("#"))
          .map(literal -> situation.references().address(literal, entry))
          .ifPresent(addresses::add);
      identifiers.addAll(Named.logical(reference));
    }
    List<String> elsewhere =
        addresses.stream().filter(each -> !situation.space().isWithin(each)).limit(1).toList();
    return new Leads(
        Set.copyOf(addresses),
        elsewhere.isEmpty() ? addresses.stream().findFirst() : elsewhere.stream().findFirst(),
        List.copyOf(identifiers));
  }

  /**
   * Where references lead.
   *
   * @param hardest one of the addresses: of those that no entry can surely be told from, if there
   *     are such
   * @param identifiers what they name without address
   */
  private record Leads(
      Set<String> addresses, Optional<String> hardest, List<Identifier> identifiers) {}

  private record Instance(Named named, EntrySpace space) implements Criterion {
    @Override
    public Truth of(EntryView view) {
      return named.is(view.address(), view.entry().identifiers(), space);
    }

    @Override
    public String words() {
      return "it is the resource that is named";
    }
  }

  private record Related(Named named, Optional<Leads> leads, EntrySpace space)
      implements Criterion {
    @Override
    public Truth of(EntryView view) {
      Truth itself = named.is(view.address(), view.entry().identifiers(), space);
      return itself == Truth.TRUE ? itself : itself.or(isReferredTo(view));
    }

    private Truth isReferredTo(EntryView view) {
      if (leads.isEmpty()) {
        return Truth.UNKNOWN;
      }
      if (leads.get().addresses().contains(view.address())) {
        return Truth.TRUE;
      }
      Truth literal =
          leads.get().hardest().map(each -> space.same(each, view.address())).orElse(Truth.FALSE);
      return literal.or(isIdentified(leads.get().identifiers(), view.entry().identifiers()));
    }

    private static Truth isIdentified(List<Identifier> named, List<Identifier> theirs) {
      return Truth.of(
          named.stream().anyMatch(one -> Identities.same(List.of(one), theirs) == Truth.TRUE));
    }

    @Override
    public String words() {
      return "it is the resource that is named, or one that this refers to";
    }
  }

  private record Dependents(Named named, EntrySpace space) implements Criterion {
    @Override
    public Truth of(EntryView view) {
      Truth any = named.is(view.address(), view.entry().identifiers(), space);
      for (Lead lead : view.leads()) {
        if (any != Truth.TRUE && mayMean(lead)) {
          any = any.or(named.isMeantBy(lead, space));
        }
      }
      return any;
    }

    /** A reference by identifier alone may mean anything but what it says it does not. */
    private boolean mayMean(Lead lead) {
      Entry.Reference reference = lead.reference();
      if (!lead.address().isEmpty()) {
        return true;
      }
      Optional<String> type =
          reference.identifierSystem().equals(Optional.of(NhsNumber.SYSTEM))
              ? Optional.of("Patient")
              : reference.type();
      return reference.identifierValue().isPresent()
          && (type.isEmpty() || named.type().isEmpty() || type.equals(named.type()));
    }

    @Override
    public String words() {
      return "it is the resource that is named, or one that refers to this";
    }
  }

  private record AuthoredBy(Named named, EntrySpace space) implements Criterion {

    /** The elements that say from whom a resource comes. */
    private static final Set<String> AUTHORS =
        Set.of(
            "asserter",
            "author",
            "contributor",
            "creator",
            "enterer",
            "informationSource",
            "performer",
            "recorder",
            "requester",
            "resultsInterpreter",
            "sender",
            "source");

    /** Pairs of different types of which one is never behind the other. */
    private static final Set<String> APART = Set.of("Patient", "Device", "RelatedPerson");

    @Override
    public Truth of(EntryView view) {
      boolean told = false;
      Truth any = Truth.FALSE;
      for (Lead lead : view.leads()) {
        if (AUTHORS.contains(lead.reference().element())) {
          told = true;
          any = any.or(isBy(lead));
        }
      }
      return told ? any : Truth.UNKNOWN;
    }

    /** A role, a team or an organisation may be another name for who wrote it. */
    private Truth isBy(Lead lead) {
      Truth same = named.isMeantBy(lead, space);
      if (same == Truth.TRUE) {
        return same;
      }
      Optional<String> type = type(lead);
      if (type.isEmpty() || named.type().isEmpty()) {
        return Truth.UNKNOWN;
      }
      if (type.equals(named.type())) {
        return same;
      }
      boolean apart =
          APART.contains(type.get())
              || APART.contains(named.type().get())
              || (type.get().equals("Organization") && named.type().get().equals("Practitioner"));
      return apart ? Truth.FALSE : Truth.UNKNOWN;
    }

    private static Optional<String> type(Lead lead) {
      Entry.Reference reference = lead.reference();
      return new Pointer(
              reference.literal().map(Entry.Url::value), reference.type(), Optional.empty())
          .target();
    }

    @Override
    public String words() {
      return "its author is the one who is named";
    }
  }
}
