package scenarios
import ("testing";"fmt";"github.com/telehealth-conformance/crosstalk/models")
func TestX(t *testing.T){ g := Consultations().Traces(models.ReferencePolicy()); for i:=1;i<3;i++{ fmt.Println(Draw(g,i)) }
 rec,two,sw:=0,0,0; for i:=range 2000 { tr:=Draw(g,i); p:=models.ReferencePolicy(); s:=models.NewState(&p); for _,c:=range tr.Calls(){ s=s.Step(c,s.Expect(c)) }; r:=s.Recordings(); if len(r)>0 {rec++}; o:=map[models.Handle]bool{}; w:=false; for _,x:=range r {o[s.Owner(x)]=true; if s.BookingHistory(x)!=models.NeverSwitched {w=true}}; if len(o)>1{two++}; if w {sw++} }; fmt.Println("with recordings",rec,two,sw)}
