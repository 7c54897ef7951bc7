package dev.ermine.merge.person;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Given names that are one name: as it is shortened, anglicised, or written in Latin letters. Each
 * line is such a name. One that shortens several (Sam, Chris) stands in several lines, which does
 * not make one name of these. What is missing here costs no more than that two spellings count as
 * two names.
 */
final class NameVariants {

  private static final String ONE_NAME_A_LINE =
      """
      abigail abi abby gail
      abdul abd abdel
      adewale wale
      ahmed ahmad ahmet ahmat
      aisha ayesha aysha aishah ayse aicha
      agnieszka aga
      alexander alex alec alasdair alastair alistair alister sandy sasha aleksander alexandr oleksandr alejandro
      alfred alf alfie fred
      alexandra alex lexi sandra sasha aleksandra ola
      andrew andy drew andrzej andrei andrey andriy andreas andre
      angela angie ange
      ann anne anna annie
      anthony tony antony antonio antoni ant
      arthur art artie
      ayodele ayo dele
      babatunde tunde
      barbara babs barb basia
      beatrice bea beatriz
      benjamin ben benny binyamin
      bernard bernie
      bridget bridie brigid biddy
      caoimhe keeva kweeva
      caroline carolyn carrie
      catherine katherine kathryn catharine cathy kathy kate katie kitty cath kath catriona caitriona katarzyna kasia ekaterina catrin
      charles charlie chas chuck carlos karol
      charlotte charlie lottie
      christina christine chris chrissie tina krystyna cristina kirsty
      christopher chris kit krzysztof krzysiek
      chukwuemeka emeka
      clare claire clara
      constance connie
      cynthia cindy
      dafydd david dai dave davy davey dawid
      daniel dan danny danyal
      deborah debra debbie deb
      dmitri dmitry dmytro dima
      dolores lola
      dominic dom
      donald don donny domhnall
      dorothy dot dottie dolly
      edith edie
      edward ed eddie ted teddy ned eduardo
      eileen aileen eibhlin
      eleanor ellie nell nelly elinor
      elizabeth elisabeth liz lizzie beth betty eliza elsie libby bess bessie elspeth elzbieta isabel
      emily em emmy
      eoghan owen eoin ewan euan owain
      eugene gene evgeny yevgeny
      evelyn evie
      fatima fatimah fatema fatma
      florence flo florrie flossie
      frances fran francesca frankie
      francis frank frankie francisco paco franciszek
      frederick fred freddie
      gabriel gabe
      geoffrey jeffrey geoff jeff
      george georgie jerzy jorge georgios yiorgos
      gerald gerry jerry
      gerard gerry jerry
      gillian gill jill
      giuseppe beppe
      gregory greg grzegorz
      guadalupe lupe
      gwendoline gwen gwenllian
      harold harry hal
      hassan hasan hassen
      helen nell elena olena yelena
      henry harry hal henryk enrique
      hussein hussain husain hossein huseyin
      iain ian
      ibrahim ebrahim ibraheem
      ignacio nacho
      isabella isabelle bella izzy
      jacob jake jakub kuba yaqub yakub
      jacqueline jackie jacqui
      james jim jimmy jamie jem seamus hamish jaime
      jane jan janie sian
      janet jan jessie
      jennifer jen jenny
      jessica jess jessie
      joanna joanne jo asia
      john jack johnny jon ian sean juan joao jan giovanni johannes hans ieuan ifan
      jonathan jon jonny johnathan
      joseph joe joey jose pepe jozef yusuf yousef youssef yousuf yusef yousif
      josephine jo josie
      joshua josh
      judith judy judi
      julian jules
      kenneth ken kenny
      khadija khadijah hatice
      kimberley kimberly kim
      lawrence laurence larry laurie
      leonard len lenny leo
      leslie lesley les
      lewis louis luis lou llewelyn
      louise lou
      malgorzata gosia
      malcolm mal
      margaret maggie meg peggy marge margie greta mairead rita madge mags megan margarita
      mary maria molly polly mae may maire mair mairi mhairi moira maryam miriam mariam
      matthew matt mateusz mateo
      matilda tilly tilda
      maureen mo
      maxwell max
      maximilian max
      megan meg
      michael mike mick micky mickey mikey michal mikhail miguel micheal mykhailo
      mohamed mohammed muhammad muhammed mohammad mohamad muhamad muhammet mohamud mahomed md mohd mo
      mykola nikolai nikolay nicholas
      natalia natalie natalya nataliya natasha
      nathaniel nathan nat
      nathan nate
      niamh neve nieve
      nicholas nick nicky nicolas nico nikolaos mikolaj
      nicola nicky nikki nicole
      noor nur nour
      oliver ollie
      olivia liv livvy
      oluwadamilola damilola dami
      oluwafemi femi olufemi
      oluwaseun seun
      oluwatobi tobi oluwatobiloba
      olufunke funke olufunmilayo funmilayo funmi
      omar umar omer
      pamela pam
      patricia pat patsy trish tricia patty
      patrick pat paddy padraig padraic
      paul pawel pablo pavel pavlo
      penelope penny
      peter pete piotr pedro petr petro peadar
      philip phil pip
      raymond ray
      rebecca becky becca bex
      rhys rees reece rhees
      richard rick ricky dick rich richie ricardo ryszard
      robert rob bob bobby robbie bert roberto
      rodney rod
      roger rog
      ronald ron ronnie
      rosemary rose rosie
      samantha sam sammy
      samuel sam sammy
      sarah sara sally sadie
      saoirse seersha
      sayed syed sayyid said
      sean shaun shawn shane
      sergei sergey serhiy sergio
      siobhan chevonne shevaun joan
      sion sean john
      sofia sophia sophie zofia zosia
      stanislaw stan staszek
      stanley stan
      stephanie steph
      stephen steven steve stevie stefan esteban szczepan
      susan sue susie suzanne susanna suzie
      tatiana tatyana tetiana tanya
      temitope tope
      teresa theresa terry tess tessa
      terence terrence terry
      theodore theo ted
      thomas tom tommy tomasz tomek tomas
      timothy tim timmy
      tobias toby
      valerie val
      victor vic wiktor viktor
      victoria vicky vicki tori
      vincent vince vinny
      vladimir volodymyr vova wlodzimierz
      walter wally walt
      william will bill billy willie liam gwilym wilhelm guillermo uilleam
      winifred winnie freda
      yuri yuriy iurii jurij
      zachary zach zack zac
      zainab zaynab zeinab zeynep
      """;

  private static final List<List<String>> NAMES =
      ONE_NAME_A_LINE.lines().map(Letters::parts).toList();

  /** The lines in which a name stands. */
  private static final Map<String, Set<Integer>> LINES = lines();

  private NameVariants() {}

  /** Whether two given names are one. */
  static boolean areOne(String one, String other) {
    return one.equals(other)
        || LINES.getOrDefault(one, Set.of()).stream()
            .anyMatch(LINES.getOrDefault(other, Set.of())::contains);
  }

  /** Whether a letter is the first of a name, or of another form of it. */
  static boolean mayBegin(String initial, String name) {
    return name.startsWith(initial)
        || LINES.getOrDefault(name, Set.of()).stream()
            .anyMatch(line -> NAMES.get(line).stream().anyMatch(n -> n.startsWith(initial)));
  }

  private static Map<String, Set<Integer>> lines() {
    Map<String, Set<Integer>> lines = new HashMap<>();
    for (int line = 0; line < NAMES.size(); line++) {
      for (String name : NAMES.get(line)) {
        lines.computeIfAbsent(name, _ -> new HashSet<>()).add(line);
      }
    }
    return lines;
  }
}
