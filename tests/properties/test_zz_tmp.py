import collections
from tests.properties.conftest import *
from tests.properties import test_operations as T
from tests.model import Model, Refused
import tests.model as M
C=collections.Counter()
def test_counts(writing):
    orig=T.Bookstore.ask
    def ask(self, api, op, **a):
        r=orig(self,api,op,**a); C[(op,r.code)]+=1; return r
    T.Bookstore.ask=ask
    T.test_random_sequences_agree_with_the_model({k:writing[k] for k in ('rest','graphql')})
    for k,v in sorted(C.items(), key=str): print(k,v)
def test_broken(writing):
    orig=Model.set_order_status
    def broken(self,row_id,status):
        stock={k:v['stock'] for k,v in self.book.items()}
        r=orig(self,row_id,status)
        for k,v in stock.items(): self.book[k]['stock']=v
        return r
    Model.set_order_status=broken
    T.test_random_sequences_agree_with_the_model({k:writing[k] for k in ('rest','graphql')})
